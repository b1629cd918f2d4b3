/// A row of a store that no version of this program would have written, or that cannot be read.
///
/// Whoever meets it sets it aside and goes on with the rest.
package struct DamagedRow: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with which row, as the end of a sentence.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
