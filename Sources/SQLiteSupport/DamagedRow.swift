/// A row that no version of this program would have written.
package struct DamagedRow: Error, CustomStringConvertible {
    /// What is wrong with which row, as the end of a sentence.
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// The value, or the error that says which column of which row holds none.
package func required<Value>(
    _ value: Value?, _ column: @autoclosure () -> String
) throws -> Value {
    guard let value else { throw DamagedRow("\(column()) is not usable") }
    return value
}
