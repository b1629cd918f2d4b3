import Invariants
import Scenario
import Simulator

/// A play of a sweep that went wrong.
enum SweepFailure: Sendable {
    case random(RandomPlay, Violation)
    case file(ScenarioRun)

    var seed: UInt64 {
        switch self {
        case .random(let play, _): play.seed
        case .file(let run): run.seed
        }
    }

    /// As messages call it.
    var name: String {
        switch self {
        case .random(let play, _): "seed \(play.seed)"
        case .file(let run): "\(run.path), seed \(run.seed)"
        }
    }

    /// The run of which only the expectations are not met; nil: something did not hold.
    var unmet: ScenarioRun? {
        guard case .file(let run) = self, run.failure?.kind != .invariant else { return nil }
        return run
    }

    /// The text of its file, as it was played.
    var whole: String {
        switch self {
        case .random(let play, _): return play.text
        case .file(let run):
            var draft = ScenarioDraft(run.file)
            draft.seed = run.seed
            return draft.text
        }
    }

    /// The smallest play that shows what did not hold.
    ///
    /// - Returns: the text of its file, and what does not hold in it.
    func shrunk() -> (text: String, violation: Violation) {
        switch self {
        case .random(let play, let violation):
            let small = Sweep.shrink(play, violation)
            return (small.play.text, small.violation)
        case .file(let run):
            guard let small = Sweep.shrink(run.file, seed: run.seed) else {
                preconditionFailure("\(name) goes wrong once and not again")
            }
            return (small.draft.text, small.violation)
        }
    }
}
