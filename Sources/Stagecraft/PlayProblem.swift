package import Scenario

/// Why a step could not be done.
package struct PlayProblem: Error, Sendable, CustomStringConvertible {
    package let place: SourcePlace
    /// What was to be done, and why it could not.
    package let reason: String
    package let kind: PlayFailure.Kind

    package var description: String { "\(place): \(reason)" }

    /// - Parameter path: of the file that was played.
    package func failure(at path: String) -> PlayFailure {
        PlayFailure(kind, "\(path):\(self)")
    }
}
