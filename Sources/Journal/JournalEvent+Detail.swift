extension JournalEvent {
    /// What only some events have to say: few stanzas of a quiet day pay for it.
    package final class Detail: Sendable {
        /// The name of an error as its receiver sees it: `BAD_ACK`, `TooManyMessages`.
        package let error: String?
        /// What was done, in a word: the `do` of a fault, how a connection ended, a step's verb.
        package let deed: String?
        /// Why, as a sentence; never with a secret in it.
        package let reason: String?
        /// How many: messages of a commit, uploads that were taken.
        package let count: Int?
        /// The number of the fault that bit.
        package let fault: Int?

        package init(
            error: String? = nil, deed: String? = nil, reason: String? = nil,
            count: Int? = nil, fault: Int? = nil
        ) {
            self.error = error
            self.deed = deed
            self.reason = reason
            self.count = count
            self.fault = fault
        }
    }
}
