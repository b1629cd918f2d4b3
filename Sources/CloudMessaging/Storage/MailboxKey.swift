/// The place of a downstream message in the mailbox of its addressee, and its primary key in every
/// store.
///
/// A mailbox belongs to a registration, an app on a device, as all documented limits do.
package struct MailboxKey: Hashable, Comparable, Sendable {
    /// `Registration.number` of the addressee.
    package let registration: Int64
    /// Counts the messages of a store, upstream and downstream together; a message to a topic has
    /// one sequence in all mailboxes that it reaches.
    package let sequence: Int64

    package init(registration: Int64, sequence: Int64) {
        self.registration = registration
        self.sequence = sequence
    }

    package static func < (left: MailboxKey, right: MailboxKey) -> Bool {
        (left.registration, left.sequence) < (right.registration, right.sequence)
    }
}
