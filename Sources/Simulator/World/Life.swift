package import CloudMessaging
package import Nodes

/// One life of a process, from its start to its end or crash: its clock, and all that it still
/// wants to do.
///
/// Nothing of a life happens after its end: its timers are gone as those of a dead process are. Its
/// clock is the wall clock of when it started, run on monotonically; a jump of the wall clock is
/// felt by the next life, as in the real programs (`MonotonicClock`).
package final class Life: Scheduler {
    private let world: World
    private let clockOffset: Duration
    package private(set) var isOver = false

    init(in world: World, clockOffset: Duration) {
        self.world = world
        self.clockOffset = clockOffset
    }

    package var now: Instant { world.now + clockOffset }

    package func afterReady(_ work: @escaping () -> Void) {
        world.schedule(at: world.now) { [self] in run(work) }
    }

    package func schedule(
        at instant: Instant, _ work: @escaping () -> Void
    ) -> any ScheduledWork {
        let scheduled = world.schedule(at: instant.advanced(by: .zero - clockOffset)) { [self] in
            run(work)
        }
        return scheduled
    }

    /// Runs work of this life, if there still is one.
    func run(_ work: () -> Void) {
        if !isOver { work() }
    }

    func end() {
        isOver = true
    }
}

extension VirtualWork: ScheduledWork {}
