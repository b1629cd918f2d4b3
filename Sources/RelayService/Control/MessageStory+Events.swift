import CloudMessaging
import Journal

/// The events that have to do with one message.
struct StoryEvents {
    /// In order: those about it, and those that were perhaps meant for it.
    let events: [JournalEvent]
    /// Whether the journal still has its beginning.
    let hasBeginning: Bool

    private let record: MessageRecord

    init(of record: MessageRecord, in journal: [JournalEvent]) {
        self.record = record
        var carriers: Set<Int> = []
        var known: Set<MessageID> = []
        for event in journal where event.message != nil {
            if let id = event.messageID { known.insert(id) }
            guard event.message == record.number, event.attempt != nil else { continue }
            event.connection.map { _ = carriers.insert($0) }
        }
        events = journal.filter { event in
            Self.concerns(event, record)
                || Self.isMeant(event, for: record, carriers: carriers, known: known)
        }
        hasBeginning =
            events.first { $0.message == record.number }.map {
                $0.state == .queued || $0.state == .held || $0.attempt == 1
            } ?? (record.firstSeen != nil)
    }

    /// What a fault bit: the stanza is the cause of its event.
    func cause(of event: JournalEvent) -> JournalEvent.Kind? {
        events.first { $0.number == event.cause }?.kind
    }

    private static func concerns(_ event: JournalEvent, _ record: MessageRecord) -> Bool {
        if let number = event.message { return number == record.number }
        // ACKs that settle nothing, and faults, name the pair only.
        guard let id = event.messageID, id == record.messageID, let from = event.from else {
            return false
        }
        guard record.firstSeen.map({ event.instant >= $0 }) ?? true else { return false }
        return from == record.from || (record.isReceipt && from == .receipts)
    }

    /// An ACK with half of the pair right, or a frame that is none, on a connection that carries the
    /// message: nothing says that it was for this one, but who looks for a reason should know.
    private static func isMeant(
        _ event: JournalEvent, for record: MessageRecord, carriers: Set<Int>,
        known: Set<MessageID>
    ) -> Bool {
        guard event.message == nil, let connection = event.connection,
            carriers.contains(connection), record.firstSeen.map({ event.instant >= $0 }) ?? true,
            !record.hasEnded || record.changed.map({ event.instant <= $0 }) ?? false
        else { return false }
        switch event.kind {
        case .stanzaRefused: return true
        case .ackRejected:
            guard let id = event.messageID else { return true }
            return id == record.messageID || event.from == record.from && !known.contains(id)
        default: return false
        }
    }
}
