import CloudMessaging
package import Invariants
package import Journal
package import Nodes
import RelayMachine

/// Reads along what a live relay would write into a journal, and tells of the first thing that must
/// not be.
///
/// Of the invariants those are judged that can be seen from inside one life: neither the store nor
/// the apps are asked.
package final class InvariantWatch: EventRecorder {
    private var invariants: Invariants
    private var last: UInt64 = 0
    private let onViolation: (Violation) -> Void

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
        if let violation = invariants.violation { onViolation(violation) }
        return last
    }
}
