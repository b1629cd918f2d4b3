import Command
import Foundation
import Scenario
import Simulator

/// Plays seeds on all cores.
struct SeedSweep {
    private let seeds: ClosedRange<UInt64>
    private let files: [NamedScenario]

    /// - Parameter files: shared out among the seeds; none: plays by chance.
    init(_ seeds: ClosedRange<UInt64>, of files: [NamedScenario]) {
        self.seeds = seeds
        self.files = files
    }

    /// What came of it.
    struct Result {
        /// Of what went wrong together, the one with the lowest seed; nil: all that was played held.
        var failure: SweepFailure?
        /// Plays that held.
        var held = 0
        /// The lowest seed that was not played to its end.
        var next: UInt64
        /// What the program ends with because of a signal; nil: there was none.
        var ended: ExitStatus?
    }

    func run() async throws -> Result {
        let (first, files) = (seeds.lowerBound, files)
        var progress = SweepProgress(count: seeds.count)
        var result = Result(next: first)
        var ahead: Set<UInt64> = []
        let work = SignalledWork(
            count: seeds.count, width: max(1, ProcessInfo.processInfo.activeProcessorCount)
        ) { index in
            Self.play(index, seed: first + UInt64(index), files)
        }
        result.ended = try await work.run { index, failure in
            progress.finishedOne()
            ahead.insert(first + UInt64(index))
            while ahead.remove(result.next) != nil { result.next += 1 }
            guard let failure else {
                result.held += 1
                return result.failure == nil
            }
            if failure.seed < result.failure?.seed ?? .max { result.failure = failure }
            return false
        }
        return result
    }

    private static func play(_ index: Int, seed: UInt64, _ files: [NamedScenario]) -> SweepFailure?
    {
        guard !files.isEmpty else {
            guard case .violated(let play, let violation) = Sweep.outcome(ofSeed: seed)
            else { return nil }
            return .random(play, violation)
        }
        let named = files[index % files.count]
        let run = ScenarioRun(playing: named.file, path: named.path, seed: seed)
        let isJudged = named.file.isForAnySeed && !run.isGood
        return run.failure?.kind == .invariant || isJudged ? .file(run) : nil
    }
}
