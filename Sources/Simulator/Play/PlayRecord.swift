package import CloudMessaging
package import Invariants
package import Journal
package import Stagecraft

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
