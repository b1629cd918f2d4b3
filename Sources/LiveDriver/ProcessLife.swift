import CloudMessaging
import Nodes

/// One life of a process of the cast, from its start to its end or crash: its clock, and all that
/// it still wants to do.
///
/// Nothing of a life happens after its end, though the thread that it lived on goes on.
final class ProcessLife: Scheduler {
    private let clock: any Scheduler
    private let offset: Duration
    private(set) var isOver = false

    /// - Parameter offset: by how much its wall clock is wrong.
    init(on clock: any Scheduler, offset: Duration = .zero) {
        self.clock = clock
        self.offset = offset
    }

    var now: Instant { clock.now + offset }

    func afterReady(_ work: @escaping () -> Void) {
        clock.afterReady { [self] in run(work) }
    }

    func schedule(at instant: Instant, _ work: @escaping () -> Void) -> any ScheduledWork {
        clock.schedule(at: instant + (.zero - offset)) { [self] in run(work) }
    }

    /// Runs work of this life, if there still is one.
    func run(_ work: () -> Void) {
        if !isOver { work() }
    }

    func end() {
        isOver = true
    }
}
