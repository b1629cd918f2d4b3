import CloudMessaging
import Invariants
import Journal
import NetworkRuntime
import Nodes
import RelayMachine
import Testing

@Suite("A debug build watches what must hold")
struct InvariantWatchTests {
    @Test("The first thing that does not hold is told, once")
    func window() throws {
        var settings = RelayNodeSettings(seed: 1)
        settings.machine.maxUnacked = 1
        var told: [Violation] = []
        let watch = InvariantWatch(settings) { told.append($0) }
        for number in Int64(1)...3 { watch.record(try written(number)) }
        #expect(told.map(\.invariant) == [.unackedWindow])
    }

    private func written(_ number: Int64) throws -> JournalEvent {
        let registration = Registration(
            number: 1, device: DeviceID(7001),
            category: try #require(Category("com.example.app")),
            token: RegistrationToken("token"), senders: [])
        let lane = LaneID(sender: SenderNumber(rawValue: 0), index: 0)
        let message = UpstreamMessage(
            key: MessageKey(lane: lane, sequence: number), origin: registration,
            id: try #require(MessageID("m-\(number)")), data: .empty, timeToLive: 60,
            expiry: Instant(nanoseconds: 60_000_000_000))
        return JournalEvent(
            .upstreamStanza, at: Instant(nanoseconds: 0), by: .relay, about: .upstream(message),
            connection: 1, state: .inFlight)
    }
}
