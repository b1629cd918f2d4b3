package import CloudMessaging
package import Journal

/// A message as people see it: what it says, where it stands, and what was tried.
package struct MessageRecord: Sendable {
    /// The relay's number of it.
    package let number: Int64
    /// What it says, as far as it is known.
    package internal(set) var subject: JournalEvent.Subject
    package internal(set) var sender: SenderID?
    package internal(set) var direction: Direction
    package internal(set) var state: MessageState
    /// How often it was written; in this life of the relay, if that is all that is known.
    package internal(set) var attempts = 0
    /// The one that carried it last.
    package internal(set) var connection: Int?
    /// When it was heard of first; nil: in an earlier life of the relay.
    package internal(set) var firstSeen: Instant?
    /// When it changed last; nil likewise.
    package internal(set) var changed: Instant?
    /// Why it stands there, where that is known.
    package internal(set) var reason: String?
    /// When it is sent again unless an ACK comes.
    package internal(set) var retryDue: Instant?

    package var messageID: MessageID? { event.messageID }
    package var from: RegistrationToken? { event.from }
    package var category: Category? { event.category }
    package var data: DataPayload? { event.data }

    /// Whether it is a delivery receipt.
    package var isReceipt: Bool {
        if case .upstream(let message) = subject { message.kind == .receipt } else { false }
    }

    /// Seconds; nil: it is not known.
    package var timeToLive: Int? {
        switch subject {
        case .upstream(let message): message.timeToLive
        case .downstream(let message): message.timeToLive
        case .nothing, .named: nil
        }
    }

    package var expiry: Instant? {
        switch subject {
        case .upstream(let message): message.expiry
        case .downstream(let message): message.expiry
        case .nothing, .named: nil
        }
    }

    /// Whether nothing more comes of it.
    package var hasEnded: Bool {
        switch state {
        case .queued, .held, .inFlight: false
        case .settled, .expired, .discarded: true
        }
    }

    /// As an event about it, which knows how to read the subject.
    private var event: JournalEvent {
        JournalEvent(
            .messageState, at: changed ?? Instant(nanoseconds: 0), by: .relay, about: subject,
            sender: sender)
    }
}

extension MessageRecord: Matchable {
    package func value(of field: MatchField) -> FieldValue? {
        switch field {
        case .direction: .text(direction.rawValue)
        case .state: .text(state.rawValue)
        case .attempt: .number(attempts)
        case .connection: connection.map { .number($0) }
        case .messageID, .senderID, .from, .category, .data: event.value(of: field)
        // A message is no event.
        case .event, .error, .actor, .deed, .count: nil
        }
    }
}
