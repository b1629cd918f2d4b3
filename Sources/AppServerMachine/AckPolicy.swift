/// What an app server answers by itself (contract: `--ack`).
package enum AckPolicy: Hashable, Sendable {
    /// Every delivery, at once.
    case always
    /// Nothing: the relay sends every message again until its time to live ends.
    case never
    /// The first deliveries of each message are left unanswered, so many; the next is ACKed at once.
    case skip(Int)
    /// Every delivery, that long after it came, if the connection that carried it is still there.
    case after(Duration)
}

/// Who decides when a delivery is ACKed.
package enum Acknowledger: Hashable, Sendable {
    case policy(AckPolicy)
    /// The user of the library: `acknowledge(_:on:)`.
    case application
}
