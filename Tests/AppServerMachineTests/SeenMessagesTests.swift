import CloudMessaging
import Testing

@testable import AppServerMachine

@Suite("What was seen before")
struct SeenMessagesTests {
    private func attempt(_ actions: [AppServerAction]) -> Int? {
        guard case .upstream(_, _, let attempt)? = actions.first else { return nil }
        return attempt
    }

    @Test("attempts are counted by token and ID, whatever the data and the connection")
    func attemptsOfAPair() {
        let server = TestServer.bound { $0.connections = 2 }
        #expect(attempt(server.received("phone/m-1", on: 1, at: 1)) == 1)
        #expect(attempt(server.received("tablet/m-1", on: 1, at: 1)) == 1)
        #expect(attempt(server.received("phone/m-2", on: 1, at: 1)) == 1)
        #expect(attempt(server.received("phone/m-1", on: 2, at: 1)) == 2)
        let other = ReceivedMessage("phone/m-1", [("n", "2")])
        #expect(attempt(server.received(other, on: 2, at: 1)) == 3)
    }

    @Test("a composed and a decomposed é are different IDs")
    func bytesNotCharacters() {
        let server = TestServer.bound()
        #expect(attempt(server.received("phone/\u{E9}", on: 1, at: 1)) == 1)
        #expect(attempt(server.received("phone/e\u{301}", on: 1, at: 1)) == 1)
        #expect(server.counters.distinctAcknowledged == 2)
    }

    @Test("messages are equal when all their bytes are")
    func equalByBytes() {
        func message(_ category: String?) -> ReceivedMessage {
            ReceivedMessage("phone/m-1", category: category, data: .empty, timeToLive: 60)
        }
        #expect(message("caf\u{E9}") == message("caf\u{E9}"))
        #expect(message("caf\u{E9}") != message("cafe\u{301}"))
        #expect(message("") != message(nil))
    }

    @Test("a pair with other data is another message; the first may still come again")
    func messagesOfOnePair() {
        let server = TestServer.bound()
        func receive(_ number: String) -> Int {
            _ = server.received(ReceivedMessage("phone/m-1", [("n", number)]), on: 1, at: 1)
            return server.counters.distinctAcknowledged
        }
        #expect(receive("1") == 1)
        #expect(receive("1") == 1)
        #expect(receive("2") == 2)
        #expect(receive("1") == 2)
        #expect(receive("3") == 3)
        #expect(receive("2") == 3)
    }

    @Test("messages of one pair are told apart up to a limit, the one unseen longest is forgotten")
    func messagesOfOnePairAreBounded() {
        let server = TestServer.bound()
        func receive(_ number: Int) -> Int {
            let data = [(key: "n", value: String(number))]
            _ = server.received(ReceivedMessage("phone/m-1", data), on: 1, at: 1)
            return server.counters.distinctAcknowledged
        }
        let limit = SeenPair.messagesRemembered
        for number in 1...limit { #expect(receive(number) == number) }
        for number in 1...limit { #expect(receive(number) == limit) }
        #expect(receive(limit + 1) == limit + 1)
        #expect(receive(2) == limit + 1)
        #expect(receive(1) == limit + 2)
    }

    @Test("the pair that was not seen for the longest time is forgotten")
    func pairsAreBounded() {
        let server = TestServer.bound { $0.rememberedPairs = 2 }
        _ = server.received("phone/m-1", on: 1, at: 1)
        _ = server.received("phone/m-2", on: 1, at: 1)
        #expect(attempt(server.received("phone/m-1", on: 1, at: 1)) == 2)
        #expect(attempt(server.received("phone/m-3", on: 1, at: 1)) == 1)
        #expect(attempt(server.received("phone/m-1", on: 1, at: 1)) == 3)
        #expect(attempt(server.received("phone/m-2", on: 1, at: 1)) == 1)
        #expect(server.counters.distinctAcknowledged == 4)
    }

    @Test("an ACK for a pair that is forgotten counts")
    func forgottenBeforeItsAck() {
        let server = TestServer.bound {
            $0.rememberedPairs = 1
            $0.acknowledgedBy = .application
        }
        _ = server.received("phone/m-1", on: 1, at: 1)
        _ = server.received("phone/m-2", on: 1, at: 1)
        #expect(server.acknowledge("phone/m-1", on: 1).count == 2)
        #expect(server.counters.distinctAcknowledged == 1)
    }
}
