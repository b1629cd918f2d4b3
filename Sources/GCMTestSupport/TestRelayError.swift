/// Why a relay for tests did not do what it was asked, as a sentence for the test's report.
public struct TestRelayError: Error, Sendable, CustomStringConvertible {
    /// What was wrong, and what to do about it.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
