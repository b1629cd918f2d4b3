import CloudMessaging
import Journal

/// A play that was played, and what came of it: what the reports are made of.
package struct ScenarioRun: Sendable {
    package let file: ScenarioFile
    /// As it was given on the command line.
    package let path: String
    package let driver: Driver
    /// How many times as fast as real time a live play ran.
    package let timeScale: Int
    package let seed: UInt64
    package let evidence: Evidence
    package let verdicts: [Verdict]
    /// Why the play could not be played to its end; nil: it was.
    package let failure: PlayFailure?
    /// Real time that it took.
    package let took: Duration
    /// What to type to see the same again.
    package let command: String

    package enum Driver: String, Sendable, CaseIterable {
        case virtual, live
    }

    /// Judges the expectations.
    ///
    /// - Parameter command: what to type to see the same again; nil: `gcm-relay scenario run`.
    package init(
        _ file: ScenarioFile, path: String, driver: Driver, timeScale: Int = 1, seed: UInt64,
        evidence: Evidence,
        failure: PlayFailure? = nil, took: Duration = .zero, command: String? = nil
    ) {
        self.file = file
        self.path = path
        self.driver = driver
        self.timeScale = timeScale
        self.seed = seed
        self.evidence = evidence
        self.failure = failure
        self.took = took
        self.command =
            command ?? Self.command(path: path, driver: driver, timeScale: timeScale, seed: seed)
        // Without the app server under test nothing of it was played.
        verdicts = failure?.kind == .absence ? [] : file.verdicts(on: evidence)
    }

    package var isGood: Bool { failure == nil && verdicts.allSatisfy(\.isMet) }

    package enum Outcome: Sendable {
        case good, failed
        /// The app server under test did not come.
        case undecided
    }

    package var outcome: Outcome {
        failure?.kind == .absence ? .undecided : isGood ? .good : .failed
    }

    /// The time of the play that passed.
    package var length: Duration {
        evidence.events.last.map { evidence.start.duration(to: $0.instant) } ?? .zero
    }

    private static func command(
        path: String, driver: Driver, timeScale: Int, seed: UInt64
    ) -> String {
        // What begins with a dash is a flag.
        let isLikeFlag = path.hasPrefix("-") && path != "-"
        var words = ["gcm-relay", "scenario", "run", isLikeFlag ? "./\(path)" : path]
        if driver != .virtual { words += ["--driver", driver.rawValue] }
        if timeScale != 1 { words += ["--time-scale", "\(timeScale)"] }
        return shellCommand(words + ["--seed", "\(seed)"])
    }

    /// A command as a shell reads it.
    package static func shellCommand(_ words: [String]) -> String {
        words.map(shellWord).joined(separator: " ")
    }

    private static func shellWord(_ text: String) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
                || [43, 45, 46, 47, 58, 61, 64, 95].contains(byte)
        }
        if isPlain, !text.isEmpty { return text }
        return "'\(text.replacing("'", with: "'\\''"))'"
    }
}
