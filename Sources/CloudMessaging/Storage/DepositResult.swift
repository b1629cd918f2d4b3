/// What became of a deposit.
package enum DepositResult: Hashable, Sendable {
    /// The message is in the mailbox; these left it for that, or had done so before: sequences in
    /// order. Its own is among them when later messages leave it no place, as when a batch is
    /// repeated.
    case stored(dropped: [Int64])
    /// The mailbox was full: these were dropped, sequences in order, the message's own the last.
    case overflowed(dropped: [Int64], DeletionNotice)
    /// The addressee is unknown or not active; nothing was stored.
    case unregistered
}

/// What became of a deposit to a condition.
package struct TopicDepositResult: Hashable, Sendable {
    /// Registrations for which the condition was true.
    package let count: Int
    /// Their numbers in order; nil when they are more than `Limits.listedSubscribers`.
    package let registrations: [Int64]?

    package init(subscribers: [Int64]) {
        count = subscribers.count
        registrations = subscribers.count <= Limits.listedSubscribers ? subscribers : nil
    }
}
