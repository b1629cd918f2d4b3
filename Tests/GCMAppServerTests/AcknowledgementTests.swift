import GCMAppServer
import RelayMachine
import Testing

@Suite("ACKs by the library", .timeLimit(.minutes(5)))
struct AcknowledgementTests {
    struct Example: Sendable, CustomTestStringConvertible {
        let acknowledgement: GCMAppServer.Acknowledgement
        /// Everything that happens to one message, up to its ACK or to the last line here.
        let events: [String]
        let settled: Int

        var testDescription: String { "\(acknowledgement)" }
    }

    @Test(
        "a message is ACKed as configured",
        arguments: [
            Example(
                acknowledgement: .always,
                events: ["connected 1", "message m on 1, attempt 1", "ACKed m, 1 in all"],
                settled: 1),
            Example(
                acknowledgement: .never,
                events: [
                    "connected 1", "message m on 1, attempt 1", "skipped m",
                    "message m on 1, attempt 2", "skipped m",
                ], settled: 0),
            Example(
                acknowledgement: .skip(2),
                events: [
                    "connected 1", "message m on 1, attempt 1", "skipped m",
                    "message m on 1, attempt 2", "skipped m", "message m on 1, attempt 3",
                    "ACKed m, 1 in all",
                ], settled: 1),
            Example(
                acknowledgement: .skip(0),
                events: ["connected 1", "message m on 1, attempt 1", "ACKed m, 1 in all"],
                settled: 1),
        ])
    func acknowledged(as example: Example) async throws {
        let relay = try await TestRelay {
            $0.retry = .quick()
            $0.drainGrace = .milliseconds(1)
        }
        let device = try await relay.device()
        try await device.send(ids: ["m"])
        let events = try await withServer(relay.configuration(example.acknowledgement)) { server in
            var seen = 0
            return await server.events { _ in
                seen += 1
                return seen == example.events.count
            }
        }
        #expect(events.map(\.summary) == example.events)
        let counters = try await relay.counters
        #expect(counters.settled == example.settled)
        #expect(counters.rejectedAcknowledgements == 0)
        try await device.shutDown()
        try await relay.shutdown()
    }

    @Test("an ACK that comes later than the relay waits settles the message all the same")
    func acknowledgedLater() async throws {
        let relay = try await TestRelay { $0.retry = .quick(.milliseconds(100)) }
        let device = try await relay.device()
        try await device.send(ids: ["m"])
        let later = GCMAppServer.Acknowledgement.after(.milliseconds(150))
        let events = try await withServer(relay.configuration(later)) { server in
            await server.events { $0.isAcknowledgement }
        }
        #expect(
            events.map(\.summary).starts(with: [
                "connected 1", "message m on 1, attempt 1", "message m on 1, attempt 2",
            ]))
        #expect(try await relay.counters.settled == 1)
        try await device.shutDown()
        try await relay.shutdown()
    }

    @Test("ack() does nothing when the library ACKs")
    func ackBesidePolicy() async throws {
        let relay = try await TestRelay()
        let device = try await relay.device()
        try await device.send(ids: ["m"])
        try await withServer(relay.configuration(.always)) { server in
            await server.receive(1).first?.ack()
        }
        let counters = try await relay.counters
        #expect(counters.settled == 1)
        #expect(counters.rejectedAcknowledgements == 0)
        try await device.shutDown()
        try await relay.shutdown()
    }
}
