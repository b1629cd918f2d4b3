package import Journal
package import Nodes

/// The journal that the whole cast writes, and who reads along.
package final class StageJournal: EventRecorder {
    package private(set) var journal: Journal
    /// What is on the wire; a relay that starts anew counts its connections anew.
    package private(set) var crossings: Crossings? = Crossings()
    weak var witness: (any PlayWitness)?
    /// Told of each event after it was recorded.
    var audience: (JournalEvent) -> Void = { _ in }

    /// Events that a play may have; beyond, the oldest are forgotten.
    private static let limit = 1 << 20

    package init() {
        journal = Journal(limit: Self.limit)
    }

    func forgetCrossings() {
        crossings = Crossings()
    }

    @discardableResult
    package func record(_ event: JournalEvent) -> UInt64 {
        let number = journal.record(event)
        let event = event.numbered(number)
        witness?.observe(event)
        audience(event)
        return number
    }
}
