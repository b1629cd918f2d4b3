/// Why a text is no expression of the match language, and where.
package struct MatchError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Counted in characters, from 1.
    package let column: Int
    /// What was wrong, what was expected instead, and what was perhaps meant.
    package let problem: String

    package var description: String { "column \(column): \(problem)" }
}
