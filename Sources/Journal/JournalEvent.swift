package import CloudMessaging

/// Something that happened, as a journal is told it, and as it tells it to who reads.
///
/// Every stanza costs one, so an event is a fixed-size value of numbers and references: the journal
/// copies what it needs of the message, and nothing is formatted before somebody reads it. There is
/// no member for an API key or a security token, and none may go into a text.
package struct JournalEvent: Sendable {
    /// Counts the events of a journal from 1; 0: in none yet.
    package private(set) var number: UInt64 = 0
    let facts: Facts
    package let subject: Subject

    /// All but the message: it is kept in another way than the rest.
    struct Facts: Sendable {
        let instant: Instant
        let kind: Kind
        let actor: Participant
        let sender: SenderID?
        let state: MessageState?
        /// 0: none; of all three.
        let connection: Int32
        let attempt: Int32
        let cause: UInt64
        /// Nanoseconds; -1: none.
        let delay: Int64
        let detail: Detail?
    }

    init(_ number: UInt64, _ facts: Facts, about subject: Subject) {
        self.number = number
        self.facts = facts
        self.subject = subject
    }

    /// - Parameters:
    ///   - connection: of an app server or a device, as the relay counts them; from 1.
    ///   - attempt: how often the message was written by now; from 1.
    ///   - cause: the number of the event that led to this one.
    ///   - delay: how long something waits or waited; not negative.
    package init(
        _ kind: Kind, at instant: Instant, by actor: Participant, about subject: Subject = .nothing,
        sender: SenderID? = nil, connection: Int? = nil, attempt: Int? = nil,
        state: MessageState? = nil, cause: UInt64? = nil, delay: Duration? = nil,
        detail: Detail? = nil
    ) {
        self.subject = subject
        facts = Facts(
            instant: instant, kind: kind, actor: actor, sender: sender, state: state,
            connection: Int32(clamping: connection ?? 0), attempt: Int32(clamping: attempt ?? 0),
            cause: cause ?? 0, delay: delay?.wholeNanoseconds ?? -1, detail: detail)
    }

    /// The same event with the number that a journal gave it.
    package func numbered(_ number: UInt64) -> JournalEvent {
        var event = self
        event.number = number
        return event
    }

    /// When it happened: virtual or wall time, as its driver runs.
    package var instant: Instant { facts.instant }
    package var kind: Kind { facts.kind }
    /// Who did it.
    package var actor: Participant { facts.actor }
    /// Whose queue or connection it concerns.
    package var sender: SenderID? { facts.sender }
    /// What the message became.
    package var state: MessageState? { facts.state }
    package var connection: Int? { facts.connection == 0 ? nil : Int(facts.connection) }
    package var attempt: Int? { facts.attempt == 0 ? nil : Int(facts.attempt) }
    package var cause: UInt64? { facts.cause == 0 ? nil : facts.cause }
    package var delay: Duration? { facts.delay < 0 ? nil : .nanoseconds(facts.delay) }
    package var detail: Detail? { facts.detail }

    /// The road that the kind names, else that of the message.
    package var direction: Direction? { kind.direction ?? subject.direction }
}
