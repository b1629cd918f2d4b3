/// So many in so long a time.
package struct Rate: Hashable, Sendable {
    /// At least 1.
    package let count: Int
    /// Longer than zero.
    package let period: Duration

    /// Nil unless the rate allows something.
    package init?(count: Int, period: Duration) {
        guard count > 0, period > .zero else { return nil }
        self.count = count
        self.period = period
    }
}
