/// That messages of a mailbox were dropped because there were too many: `deleted_messages`.
package struct DeletionNotice: Hashable, Sendable {
    /// `Registration.number`
    package let registration: Int64
    /// Messages that were dropped and not yet told of: `total_deleted`.
    package let total: Int
    /// Messages that were ever dropped up to this notice: once it is told nothing up to here is
    /// told again, however often that is said.
    package let through: Int

    package init(registration: Int64, total: Int, through: Int) {
        self.registration = registration
        self.total = total
        self.through = through
    }
}
