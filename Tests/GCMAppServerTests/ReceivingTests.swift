import CloudMessaging
import RelayMachine
import Testing

@testable import GCMAppServer

@Suite("Receiving and ACKing", .timeLimit(.minutes(5)))
struct ReceivingTests {
    @Test("a message arrives with the bytes it was sent with, and is settled by its ACK")
    func messageArrives() async throws {
        let relay = try await TestRelay()
        let device = try await relay.device()
        let data = [
            ("greeting", "<b>\"coo\" & 'coo'</b>\n\u{1}"), ("caf\u{E9}", "composed"),
            ("cafe\u{301}", "decomposed"), ("", "\u{202E}🕊\u{FFFF}"),
        ]
        try await device.send([(id: "m-\u{E9}", data: data)])
        try await withServer(relay.configuration()) { server in
            let message = try #require(await server.receive(1).first)
            #expect(message.messageID.utf8.elementsEqual("m-\u{E9}".utf8))
            #expect(!message.from.isEmpty)
            #expect(message.category == TestDevice.app.text)
            #expect(message.timeToLive == Limits.timeToLiveSeconds)
            #expect(message.attempt == 1)
            #expect(message.connection == 1)
            #expect(
                message.data.pairs.map { [Array($0.key.utf8), Array($0.value.utf8)] }
                    == data.map { [Array($0.0.utf8), Array($0.1.utf8)] })
            #expect(message.data["caf\u{E9}"] == "composed")
            #expect(message.data["cafe\u{301}"] == "decomposed")
            #expect(message.data.dictionary["greeting"] == data[0].1)
            message.ack()
        }
        let counters = try await relay.counters
        #expect(counters.settled == 1)
        #expect(counters.attempts == 1)
        try await device.shutDown()
        try await relay.shutdown()
    }

    @Test("messages may be ACKed in any order and more than once")
    func ackOutOfOrder() async throws {
        let relay = try await TestRelay()
        let device = try await relay.device()
        let ids = (1...50).map { "m-\($0)" }
        try await device.send(ids: ids)
        try await withServer(relay.configuration()) { server in
            let messages = await server.receive(ids.count)
            #expect(messages.map(\.messageID) == ids)
            for message in messages.reversed() {
                message.ack()
                message.ack()
            }
        }
        let counters = try await relay.counters
        #expect(counters.settled == ids.count)
        #expect(counters.rejectedAcknowledgements == 0)
        #expect(counters.redeliveries == 0)
        try await device.shutDown()
        try await relay.shutdown()
    }

    @Test("a message that the application does not ACK comes again, with the same bytes")
    func unansweredComesAgain() async throws {
        let relay = try await TestRelay { $0.retry = .quick() }
        let device = try await relay.device()
        try await device.send(ids: ["m-1"])
        try await withServer(relay.configuration()) { server in
            let messages = await server.receive(3)
            #expect(messages.map(\.attempt) == [1, 2, 3])
            #expect(Set(messages.map(\.data.json)).count == 1)
            messages[2].ack()
        }
        let counters = try await relay.counters
        #expect(counters.rejectedAcknowledgements == 0)
        #expect(counters.settled == 1)
        try await device.shutDown()
        try await relay.shutdown()
    }

    @Test("several tasks share the messages, each goes to one of them")
    func severalConsumers() async throws {
        let relay = try await TestRelay()
        let device = try await relay.device()
        let ids = (1...300).map { "m-\($0)" }
        let received = try await withServer(relay.configuration()) { server in
            async let sending: Void = device.send(ids: ids)
            let received = await withTaskGroup(of: [String].self) { group in
                for _ in 1...3 {
                    group.addTask {
                        var received: [String] = []
                        for await message in server.messages {
                            received.append(message.messageID)
                            message.ack()
                            if message.messageID == ids.last { server.stop() }
                        }
                        return received
                    }
                }
                return await group.reduce(into: []) { $0 += $1 }
            }
            try await sending
            return received
        }
        #expect(received.count == ids.count)
        #expect(Set(received) == Set(ids))
        try await device.shutDown()
        try await relay.shutdown()
    }

    @Test("nothing more is read while the application does not take what came")
    func backPressure() async throws {
        let relay = try await TestRelay()
        let device = try await relay.device()
        let ids = (1...1_700).map { "m-\($0)" }
        try await withServer(relay.configuration(.always)) { server in
            await server.untilConnected()
            try await device.send(ids: ids)
            var received: [String] = []
            for await batch in server.eventBatches {
                // What one round of reading brings may come on top.
                #expect(batch.count < EventQueue.limit * 3 / 2)
                received += batch.compactMap { $0.message?.messageID }
                if received.count == ids.count { break }
            }
            #expect(received == ids)
        }
        let counters = try await relay.counters
        #expect(counters.settled == ids.count)
        try await device.shutDown()
        try await relay.shutdown()
    }
}
