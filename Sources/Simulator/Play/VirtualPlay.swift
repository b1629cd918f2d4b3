import CloudMessaging
package import Scenario

/// Plays a scenario file in virtual time.
package enum VirtualPlay {
    /// Plays until the end that the file names, or until an invariant does not hold.
    ///
    /// - Parameters:
    ///   - seed: rules all randomness; nil: the file's own.
    ///   - rehearsal: what is expected of the play besides its own expectations.
    package static func run(
        _ file: ScenarioFile, seed: UInt64? = nil, rehearsal: Rehearsal = .scenario
    ) -> PlayRecord {
        let stage = Stage(file, seed: seed ?? file.seed)
        stage.isLenient = rehearsal == .sweep
        let prompter = Prompter(stage)
        let end = stage.instant(at: file.ending.after)
        prompter.begin()
        while !isOver(stage, prompter), stage.world.step(until: quietEnd(stage, prompter, end)) {
            stage.look()
        }
        prompter.end()
        stage.lookAtEnd(mustArrive: rehearsal == .sweep)
        return stage.record
    }

    /// What kind of play it is.
    package enum Rehearsal: Sendable {
        /// Written by somebody: every step must be possible.
        case scenario
        /// Made by chance: what is impossible is left out, and everything must have arrived at the
        /// end.
        case sweep
    }

    private static func isOver(_ stage: Stage, _ prompter: Prompter) -> Bool {
        stage.problem != nil || stage.journal.invariants.violation != nil
    }

    /// When the play ends if nothing more is written.
    private static func quietEnd(
        _ stage: Stage, _ prompter: Prompter, _ end: Instant
    ) -> Instant {
        guard prompter.isDone, let quiet = stage.file.ending.quiet else { return end }
        return min(end, prompter.lastEvent + quiet)
    }
}
