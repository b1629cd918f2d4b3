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

    /// Of what goes wrong together, the one with the lowest seed.
    func firstFailure() async -> SweepFailure? {
        let first = seeds.lowerBound
        let count = Int(seeds.count)
        let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)
        var progress = SweepProgress(count: count)
        return await withTaskGroup(of: SweepFailure?.self) { group in
            var next = 0
            func addNext() {
                guard next < count else { return }
                let index = next
                next += 1
                group.addTask { Self.play(index, seed: first + UInt64(index), files) }
            }
            for _ in 0..<cores { addNext() }
            var found: [SweepFailure] = []
            for await failure in group {
                progress.finishedOne()
                if let failure { found.append(failure) }
                if found.isEmpty { addNext() }
            }
            return found.min { $0.seed < $1.seed }
        }
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
