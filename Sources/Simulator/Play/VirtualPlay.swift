import CloudMessaging
package import Scenario

/// Plays a scenario file in virtual time.
package enum VirtualPlay {
    /// Plays until the end that the file names, or until an invariant does not hold.
    ///
    /// - Parameter seed: rules all randomness; nil: the file's own.
    package static func run(_ file: ScenarioFile, seed: UInt64? = nil) -> PlayRecord {
        let stage = Stage(file, seed: seed ?? file.seed)
        let prompter = Prompter(stage)
        let end = stage.instant(at: file.ending.after)
        prompter.begin()
        while !isOver(stage, prompter), stage.world.step(until: quietEnd(stage, prompter, end)) {
            stage.look()
        }
        prompter.end()
        stage.lookAtEnd()
        return stage.record
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
