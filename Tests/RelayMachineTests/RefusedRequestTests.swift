import CloudMessaging
import Testing

@testable import RelayMachine

/// Protocol sheet §3.3: a request that the store does not take gets a NACK, and none is stored
/// behind its back.
@Suite("Requests while the store fails")
struct RefusedRequestTests {
    let relay = RelayConversation()
    let phone: Phone
    let shop: ConnectionID

    init() {
        phone = relay.phone()
        phone.takesDeliveries()
        shop = relay.connect()
        _ = relay.said()
    }

    private func sends(_ id: String, to addressee: String? = nil, ttl: Int = 600) {
        relay.request(id, to: addressee ?? phone.token.text, on: shop, ttl: ttl)
    }

    @Test(
        "A full store: SERVICE_UNAVAILABLE; a broken one: INTERNAL_SERVER_ERROR",
        arguments: [
            (RelayConversation.StoreManner.refuses, "SERVICE_UNAVAILABLE"),
            (.isBroken, "INTERNAL_SERVER_ERROR"),
        ])
    func refused(manner: RelayConversation.StoreManner, error: String) {
        sends("d-0")
        _ = relay.said()
        relay.manner = manner
        sends("d-1")
        // The store is known to fail: this one is not even tried.
        sends("d-2", to: "/topics/news")
        #expect(relay.said() == ["\(error) d-1 on #1", "\(error) d-2 on #1"])
        relay.manner = .prompt
        relay.advance(by: .seconds(10))
        #expect(relay.machine.storeFailure == nil)
        #expect(relay.said() == [], "nothing of them was stored")
        sends("d-1")
        #expect(relay.said() == ["ack d-1 on #1", "deliver d-1 of 4711"])
    }

    @Test("What gathered behind a failing batch is refused with it")
    func gathered() {
        relay.manner = .slow
        phone.sends("keeps the store busy")
        sends("d-1")
        relay.manner = .refuses
        relay.storeFails()
        #expect(relay.said() == ["SERVICE_UNAVAILABLE d-1 on #1"])
        relay.manner = .prompt
        relay.advance(by: .seconds(10))
        #expect(relay.said() == ["taken 1", "keeps the store busy → #1"])
    }

    @Test("A store that fails goes on being tried, and is not called well before it is")
    func probed() {
        relay.manner = .refuses
        sends("d-1")
        relay.advance(by: .seconds(60))
        #expect(relay.machine.storeFailure != nil)
        sends("d-2")
        #expect(
            relay.said() == ["SERVICE_UNAVAILABLE d-1 on #1", "SERVICE_UNAVAILABLE d-2 on #1"])
        let failures = relay.notes.count { if case .storeFailed = $0 { true } else { false } }
        #expect(failures == 1)
    }

    @Test("After an unknown outcome the answer waits: stored, it is an ACK, and delivered once")
    func unknownOutcome() {
        relay.manner = .losesAnswers
        sends("d-1")
        #expect(relay.said() == [])
        // Never handed to the store: it can be refused.
        sends("d-2")
        #expect(relay.said() == ["INTERNAL_SERVER_ERROR d-2 on #1"])
        relay.manner = .refuses
        relay.advance(by: .seconds(1))
        #expect(relay.said() == [], "the first attempt may be durable")
        relay.manner = .prompt
        relay.advance(by: .seconds(10))
        #expect(relay.said() == ["ack d-1 on #1", "deliver d-1 of 4711"])
    }

    @Test("Now or never, and a dry run, need no store")
    func withoutStore() {
        relay.manner = .refuses
        sends("d-1")
        _ = relay.said()
        sends("d-2", ttl: 0)
        relay.request("d-3", to: phone.token.text, on: shop, dryRun: true)
        #expect(relay.said() == ["deliver d-2 of 4711", "ack d-2 on #1", "ack d-3 on #1"])
    }

    @Test("Whose token it is cannot be read: the request is refused, the rest goes on")
    func tokenUnreadable() {
        relay.manner = .cannotRead
        sends("d-1", to: "a token that is not in memory")
        #expect(relay.said() == ["INTERNAL_SERVER_ERROR d-1 on #1"])
        relay.manner = .prompt
        relay.advance(by: .seconds(10))
        sends("d-2", to: "a token that is not in memory")
        #expect(relay.said() == ["BAD_REGISTRATION d-2 on #1"])
    }
}
