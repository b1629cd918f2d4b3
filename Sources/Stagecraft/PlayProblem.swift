package import Scenario

/// Why a step could not be done.
package struct PlayProblem: Error, Sendable, CustomStringConvertible {
    package let place: SourcePlace
    /// What was to be done, and why it could not.
    package let reason: String
    /// Whether it is an event that did not come, so that nothing was decided.
    package let isTimeout: Bool

    package var description: String { "\(place): \(reason)" }

    /// - Parameter path: of the file that was played.
    package func failure(at path: String) -> PlayFailure {
        PlayFailure(isTimeout ? .timeout : .step, "\(path):\(self)")
    }
}
