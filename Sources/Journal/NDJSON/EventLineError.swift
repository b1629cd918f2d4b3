/// Why a line is no event, as the end of a sentence.
package struct EventLineError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was wrong and what to do about it.
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}
