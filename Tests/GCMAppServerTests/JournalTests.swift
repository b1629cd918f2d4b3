import CloudMessaging
import Journal
import Testing

@testable import GCMAppServer

@Suite("The journal of a real relay", .timeLimit(.minutes(5)))
struct JournalTests {
    @Test("it has the same events as in a scenario, with devices by their IDs")
    func sameEvents() async throws {
        let relay = try await TestRelay()
        let device = try await relay.device()
        try await withServer(relay.configuration()) { server in
            try await device.send(ids: ["m-1"])
            let message = try #require(await server.receive(1).first)
            message.ack()
        }
        let events = try await relay.events
        let ofMessage = events.filter { $0.messageID == MessageID("m-1") }
        #expect(
            ofMessage.map(\.kind) == [
                .upload, .messageState, .upstreamStanza, .timerSet, .upstreamAck, .messageState,
            ])
        #expect(ofMessage.compactMap(\.state) == [.queued, .inFlight, .settled])
        #expect(ofMessage.first?.actor.text.hasPrefix("device ") == true)
        let ack = try #require(ofMessage.first { $0.kind == .upstreamAck })
        #expect(ack.actor == .appServer)
        #expect(ack.cause == ofMessage.first { $0.kind == .upstreamStanza }?.number)
        #expect(zip(events, events.dropFirst()).allSatisfy { $0.instant <= $1.instant })
        try await device.shutDown()
        try await relay.shutdown()
    }
}
