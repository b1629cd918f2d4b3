package import Journal

/// Who keeps the events of a node: a ring, a file, or the journal of a scenario that all nodes of
/// the cast share.
package protocol EventRecorder: AnyObject {
    /// Takes an event and returns the number that it got; must not block.
    @discardableResult
    func record(_ event: consuming JournalEvent) -> UInt64

    /// What is on its way between the nodes that write here; nil: they write alone.
    var crossings: Crossings? { get }
}

extension EventRecorder {
    package var crossings: Crossings? { nil }
}

/// A journal by reference, for one node or for a whole cast, all on one thread.
package final class SharedJournal: EventRecorder {
    package var journal: Journal
    package let crossings: Crossings?

    /// - Parameter crossings: nil for a node that writes alone.
    package init(_ journal: Journal = Journal(), crossings: Crossings? = Crossings()) {
        self.journal = journal
        self.crossings = crossings
    }

    @discardableResult
    package func record(_ event: consuming JournalEvent) -> UInt64 {
        journal.record(event)
    }
}
