import Foundation

/// What a program says to people: on standard error, never among its results.
package enum Talk {
    package static func say(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }

    /// One failure, in the form that compilers use.
    package static func say(_ failure: CommandFailure) {
        say("error: \(failure)")
    }
}
