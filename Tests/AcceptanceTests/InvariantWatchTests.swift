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

    @Test(
        "What the relay keeps in memory is looked at after something happened, once for much of it")
    func memory() throws {
        let scheduler = ScheduledLater()
        var told: [Violation] = []
        var looks = 0
        var excess: String?
        let watch = InvariantWatch(RelayNodeSettings(seed: 1)) { told.append($0) }
        watch.watchMemory(on: scheduler) {
            looks += 1
            return excess
        }
        for number in Int64(1)...3 { watch.record(try written(number)) }
        scheduler.runAll()
        #expect(looks == 1 && told.isEmpty)
        excess = "65 places, at most 64"
        scheduler.runAll()
        #expect(looks == 1)
        watch.record(try written(4))
        scheduler.runAll()
        #expect(looks == 2 && told.map(\.invariant) == [.memoryBounded])
        #expect(told.first?.finding == "the relay keeps 65 places, at most 64")
    }

    /// Keeps work until somebody wants it done.
    private final class ScheduledLater: Scheduler {
        let now = Instant(nanoseconds: 0)
        private var work: [() -> Void] = []

        func afterReady(_ work: @escaping () -> Void) { self.work.append(work) }

        func schedule(
            at instant: Instant, _ work: @escaping () -> Void
        ) -> any ScheduledWork {
            self.work.append(work)
            return Never()
        }

        func runAll() {
            let due = work
            work = []
            for work in due { work() }
        }

        private struct Never: ScheduledWork {
            func cancel() {}
        }
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
