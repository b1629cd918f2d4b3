/// What became of a deposit.
package enum DepositResult: Hashable, Sendable {
    /// The message was put in, or was there already; these left the mailbox for it, sequences in
    /// order. When a batch is repeated only those that the last attempt took out.
    case stored(dropped: [Int64])
    /// The mailbox was full: these were dropped, sequences in order, the message's own the last. When
    /// a batch is repeated only its own.
    case overflowed(dropped: [Int64], DeletionNotice)
    /// The addressee is unknown or not active; nothing was stored.
    case unregistered

    /// Sequences that are not in the mailbox any more.
    package var dropped: [Int64] {
        switch self {
        case .stored(let dropped), .overflowed(let dropped, _): dropped
        case .unregistered: []
        }
    }
}

/// What became of a deposit to an audience.
package struct TopicDepositResult: Hashable, Sendable {
    /// Registrations that it is for.
    package let count: Int
    /// Their numbers in order; nil when they are more than `Limits.listedSubscribers`.
    package let registrations: [Int64]?
    /// Tokens of members of the group that are registered no more, in the order of their numbers.
    package let failed: [RegistrationToken]
    /// Mailboxes that overflowed, and the messages that were dropped from them.
    package let overflow: MailboxOverflow

    package init(
        subscribers: [Int64], failed: [RegistrationToken] = [],
        overflow: MailboxOverflow = MailboxOverflow()
    ) {
        self.failed = failed
        self.overflow = overflow
        count = subscribers.count
        registrations = subscribers.count <= Limits.listedSubscribers ? subscribers : nil
    }
}

/// How many mailboxes a message overflowed, and how much they lost.
package struct MailboxOverflow: Hashable, Sendable {
    package private(set) var mailboxes = 0
    /// Dropped messages, the one that was too many among them.
    package private(set) var messages = 0

    package init() {}

    /// Counts what became of one more deposit.
    package mutating func add(_ result: DepositResult) {
        guard case .overflowed(let dropped, _) = result else { return }
        mailboxes += 1
        messages += dropped.count
    }
}
