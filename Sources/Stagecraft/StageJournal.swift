import Journal
import Nodes

/// The journal that the whole cast writes, and who reads along.
final class StageJournal: EventRecorder {
    private(set) var journal: Journal
    /// What is on the wire; a relay that starts anew counts its connections anew.
    private(set) var crossings: Crossings? = Crossings()
    var invariants: Invariants
    /// Told of each event after it was recorded.
    var audience: (JournalEvent) -> Void = { _ in }

    /// Events that a play may have; beyond, the oldest are forgotten.
    private static let limit = 1 << 20

    init(_ invariants: Invariants) {
        journal = Journal(limit: Self.limit)
        self.invariants = invariants
    }

    func forgetCrossings() {
        crossings = Crossings()
    }

    @discardableResult
    func record(_ event: JournalEvent) -> UInt64 {
        let number = journal.record(event)
        if let event = journal.event(number) {
            invariants.observe(event)
            audience(event)
        }
        return number
    }
}
