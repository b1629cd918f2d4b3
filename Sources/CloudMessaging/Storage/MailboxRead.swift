/// Read a mailbox in order.
package struct MailboxRead: Hashable, Sendable {
    /// `Registration.number`
    package let registration: Int64
    /// Only messages with a higher sequence.
    package let after: Int64
    /// At most so many.
    package let limit: Int

    package init(registration: Int64, after: Int64, limit: Int) {
        self.registration = registration
        self.after = after
        self.limit = limit
    }
}

/// What is in a mailbox.
package struct MailboxContent: Hashable, Sendable {
    /// In the order of their sequences.
    package var messages: [DownstreamMessage]
    /// Nil when there is nothing to tell.
    package var deletion: DeletionNotice?

    package init(messages: [DownstreamMessage] = [], deletion: DeletionNotice? = nil) {
        self.messages = messages
        self.deletion = deletion
    }
}
