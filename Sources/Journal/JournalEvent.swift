package import CloudMessaging

/// Something that happened, as the journal keeps it.
///
/// Every stanza costs one, so an event is a fixed-size value of numbers and references: names and
/// payload are shared with the message that it is about, and nothing is formatted before somebody
/// reads it. There is no member for an API key or a security token, and none may go into a text.
package struct JournalEvent: Sendable {
    /// Counts the events of a journal from 1; 0: in none yet.
    package internal(set) var number: UInt64 = 0
    /// When it happened: virtual or wall time, as its driver runs.
    package var instant: Instant
    package let kind: Kind
    /// Who did it.
    package let actor: Participant
    package let subject: Subject
    /// Whose queue or connection it concerns.
    package let sender: SenderID?
    /// What the message became.
    package let state: MessageState?
    private let connectionNumber: Int32
    private let attemptNumber: Int32
    private let causeNumber: UInt64
    private let delayNanoseconds: Int64
    package let detail: Detail?

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
        self.instant = instant
        self.kind = kind
        self.actor = actor
        self.subject = subject
        self.sender = sender
        self.state = state
        connectionNumber = Int32(clamping: connection ?? 0)
        attemptNumber = Int32(clamping: attempt ?? 0)
        causeNumber = cause ?? 0
        delayNanoseconds = delay?.wholeNanoseconds ?? -1
        self.detail = detail
    }

    package var connection: Int? { connectionNumber == 0 ? nil : Int(connectionNumber) }
    package var attempt: Int? { attemptNumber == 0 ? nil : Int(attemptNumber) }
    package var cause: UInt64? { causeNumber == 0 ? nil : causeNumber }
    package var delay: Duration? {
        delayNanoseconds < 0 ? nil : .nanoseconds(delayNanoseconds)
    }

    /// The road that the kind names, else that of the message.
    package var direction: Direction? { kind.direction ?? subject.direction }
}
