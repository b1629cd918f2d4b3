import CloudMessaging
package import Invariants
package import Journal
package import Nodes
import RelayMachine

/// Reads along what a live relay would write into a journal, and tells of the first thing that must
/// not be.
///
/// Of the invariants those are judged that can be seen from inside one life: neither the store nor
/// the apps are asked. What the relay keeps in memory is looked at a moment after something happened.
package final class InvariantWatch: EventRecorder {
    private var invariants: Invariants
    private var last: UInt64 = 0
    private let onViolation: (Violation) -> Void
    private var memory: Memory?

    private struct Memory {
        let scheduler: any Scheduler
        let excess: () -> String?
        var isToBeLookedAt = false
    }

    /// It looks at everything, and a relay has more to do.
    private static let pause = Duration.milliseconds(250)

    package init(_ settings: RelayNodeSettings, onViolation: @escaping (Violation) -> Void) {
        invariants = Invariants(
            maxUnacked: settings.machine.maxUnacked,
            ordersFirstWrites: settings.machine.reconnectHoldback == .zero, isLive: true)
        self.onViolation = onViolation
    }

    @discardableResult
    package func record(_ event: JournalEvent) -> UInt64 {
        last += 1
        guard invariants.violation == nil else { return last }
        invariants.observe(event)
        tell()
        lookAtMemorySoon()
        return last
    }

    private func tell() {
        if let violation = invariants.violation { onViolation(violation) }
    }

    // MARK: Memory

    /// From now on looks at what is kept, too, between what happens.
    ///
    /// - Parameter excess: what there is too much of; nil: nothing.
    package func watchMemory(on scheduler: any Scheduler, _ excess: @escaping () -> String?) {
        memory = Memory(scheduler: scheduler, excess: excess)
    }

    private func lookAtMemorySoon() {
        guard let scheduler = memory?.scheduler, memory?.isToBeLookedAt == false else { return }
        memory?.isToBeLookedAt = true
        _ = scheduler.schedule(at: scheduler.now + Self.pause) { [weak self] in
            self?.lookAtMemory()
        }
    }

    private func lookAtMemory() {
        memory?.isToBeLookedAt = false
        guard invariants.violation == nil, let excess = memory?.excess() else { return }
        invariants.noteMemory(excess)
        tell()
    }
}
