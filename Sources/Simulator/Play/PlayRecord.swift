package import CloudMessaging
package import Journal
package import Scenario

/// What a play left behind.
package struct PlayRecord: Sendable {
    package let journal: Journal
    package let began: Instant
    package let ended: Instant
    /// The step that could not be done; those after it were left out.
    package let problem: PlayProblem?
    /// What must hold in every run, and did not.
    package let violation: Violation?
}

/// Why a step could not be done.
package struct PlayProblem: Error, Sendable, CustomStringConvertible {
    package let place: SourcePlace
    /// What was to be done, and why it could not.
    package let reason: String
    /// Whether it is an event that did not come, so that nothing was decided.
    package let isTimeout: Bool

    package var description: String { "\(place): \(reason)" }
}
