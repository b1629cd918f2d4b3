/// Why there can be no such fault.
package struct FaultRuleError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was wrong and where.
    package let problem: String
    /// What to do about it.
    package let remedy: String?

    init(_ problem: String, remedy: String? = nil) {
        self.problem = problem
        self.remedy = remedy
    }

    package var description: String {
        remedy.map { "\(problem); \($0)" } ?? problem
    }
}
