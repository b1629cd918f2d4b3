/// A program did not do what was expected of it; tells what it did instead.
package struct ProgramFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
