/// Why a line is no event, as the end of a sentence.
package struct EventLineError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What was wrong and what to do about it.
    package let description: String
    /// The byte of the line at which it was seen, counted from 0.
    let offset: Int

    init(_ description: String, at offset: Int = 0) {
        self.description = description
        self.offset = offset
    }
}
