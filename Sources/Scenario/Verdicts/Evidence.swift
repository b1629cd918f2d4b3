package import CloudMessaging
package import Journal

/// What is known of a play once it is over.
package struct Evidence: Sendable {
    /// In their order.
    package let events: [JournalEvent]
    /// When the play began.
    package let start: Instant
    package let vantage: Vantage
    /// Whether the journal forgot events: what is missing may have been there.
    package let hasGap: Bool
    /// By the places of their events: whose connection it was, and which of his.
    let connections: ConnectionLedger

    /// Who wrote the journal.
    package enum Vantage: Sendable {
        /// A driver that plays the cast: the events of devices and app servers have their names.
        case cast
        /// A relay alone (`verify`): it knows senders, categories and what it wrote itself.
        case relay
    }

    /// - Parameter start: nil: with the first event.
    package init(
        _ events: [JournalEvent], start: Instant? = nil, vantage: Vantage = .cast,
        hasGap: Bool = false
    ) {
        self.events = events
        self.start = start ?? events.first?.instant ?? Instant(nanoseconds: 0)
        self.vantage = vantage
        self.hasGap = hasGap
        connections = ConnectionLedger(events, vantage: vantage)
    }

    /// The tokens that a device of the cast had, in their order.
    func tokens(of device: Participant) -> [RegistrationToken] {
        var tokens: [RegistrationToken] = []
        for event in events {
            let isTold =
                event.kind == .deviceAnswer
                && event.cause.flatMap(self.event)?.actor == device
            guard event.actor == device || isTold, let token = event.from,
                !tokens.contains(token)
            else { continue }
            tokens.append(token)
        }
        return tokens
    }

    /// The event of a number.
    func event(_ number: UInt64) -> JournalEvent? {
        var (low, high) = (0, events.count)
        while low < high {
            let middle = (low + high) / 2
            if events[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < events.count && events[low].number == number ? events[low] : nil
    }
}

/// Whose connection an event is about. A relay that restarts counts from 1 again, so the number
/// alone does not tell.
struct ConnectionLedger: Sendable {
    /// By the places of the events.
    private let entries: [Entry?]

    struct Entry: Hashable, Sendable {
        /// Nil: only the sender is known.
        let owner: Participant?
        /// Which of his, or of the sender's, as they were bound, from 1; 0: it was not bound.
        let ordinal: Int
    }

    init(_ events: [JournalEvent], vantage: Evidence.Vantage) {
        var open: [Int: Entry] = [:]
        var counts: [String: Int] = [:]
        entries = events.map { event in
            guard let connection = event.connection else { return nil }
            if event.kind == .connectionOpened {
                // Not bound yet, and perhaps never: it has an owner, but no place among his.
                open[connection] = vantage == .cast ? Entry(owner: event.actor, ordinal: 0) : nil
            }
            if event.kind == .connectionBound {
                let name =
                    vantage == .cast ? event.actor.text : event.sender?.text ?? event.actor.text
                counts[name, default: 0] += 1
                open[connection] = Entry(
                    owner: vantage == .cast ? event.actor : nil, ordinal: counts[name] ?? 1)
            }
            return open[connection]
        }
    }

    func entry(at index: Int) -> Entry? { entries[index] }
}
