import ArgumentParser
import CloudMessaging
import Command
import Foundation
import Invariants
import Scenario
import Simulator

/// `gcm-relay scenario sweep`
struct ScenarioSweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Plays many seeds and judges what must hold in every run.",
        discussion: """
            Without files each seed makes a play of its own: cast, traffic, and whatever can go \
            wrong. With files they are played under the seeds, shared out among them; their \
            expectations count only where a file says any-seed. Stops at the first play that goes \
            wrong, makes it as small as it can and writes it as a scenario file.

            Exit codes: 0 all held, 64 usage, 65 a file does not parse, 70 something did not hold, \
            73 or 74 the file cannot be written.
            """)

    @Argument(help: "Scenario files; none: plays by chance.")
    var files: [String] = []

    @Option(help: ArgumentHelp("Which seeds.", valueName: "a..b"))
    var seeds: SeedRange

    @Option(
        help: ArgumentHelp(
            "Where the play goes that went wrong. (default: sweep-SEED.yaml)", valueName: "file"))
    var output: String?

    func run() async throws {
        try await Program.run {
            let files = try NamedScenario.load(files).filter { $0.obstacle(for: .virtual) == nil }
            guard self.files.isEmpty || !files.isEmpty else {
                throw CommandFailure(.badSettings, "none of the files can be swept in virtual time")
            }
            let began = ContinuousClock.now
            let failure = await firstFailure(files)
            let took = ContinuousClock.now - began
            guard let failure else {
                say(
                    "\(seeds.seeds.count) seeds held, in \(DurationText.text(of: .seconds(took.components.seconds)))"
                )
                return .done
            }
            try report(failure)
            return .software
        }
    }

    // MARK: Playing

    private enum Failure {
        case random(RandomPlay, Violation)
        case file(ScenarioRun)

        var seed: UInt64 {
            switch self {
            case .random(let play, _): play.seed
            case .file(let run): run.seed
            }
        }
    }

    /// Plays on all cores; of what goes wrong together the lowest seed is taken.
    private func firstFailure(_ files: [NamedScenario]) async -> Failure? {
        let first = seeds.seeds.lowerBound
        let count = Int(seeds.seeds.count)
        let cores = max(1, ProcessInfo.processInfo.activeProcessorCount)
        var progress = SweepProgress(count: count)
        return await withTaskGroup(of: Failure?.self) { group in
            var next = 0
            func addNext() {
                guard next < count else { return }
                let index = next
                next += 1
                group.addTask { Self.play(index, seed: first + UInt64(index), files) }
            }
            for _ in 0..<cores { addNext() }
            var found: [Failure] = []
            for await failure in group {
                progress.finishedOne()
                if let failure { found.append(failure) }
                if found.isEmpty { addNext() }
            }
            return found.min { $0.seed < $1.seed }
        }
    }

    private static func play(_ index: Int, seed: UInt64, _ files: [NamedScenario]) -> Failure? {
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

    private func say(_ text: String) {
        var output = StandardOutput()
        output.append(Array((text + (text.hasSuffix("\n") ? "" : "\n")).utf8))
        output.flush()
    }

    // MARK: What went wrong

    private func report(_ failure: Failure) throws(CommandFailure) {
        switch failure {
        case .file(let run):
            say(run.text)
        case .random(let play, let violation):
            Talk.say(
                "seed \(play.seed) went wrong (\(violation.invariant.rawValue)); making it small")
            let small = Sweep.shrink(play, violation)
            let path = output ?? "sweep-\(play.seed).yaml"
            let file = try ReportOutput(path: path)
            try file.write(Array(small.play.text.utf8))
            try file.finish()
            say(
                """
                seed \(play.seed): \(small.violation)
                the smallest play that shows it is \(path)
                repeat with: gcm-relay scenario run \(path)
                """)
        }
    }
}

/// Says on standard error how far a sweep is, now and then.
private struct SweepProgress {
    private let count: Int
    private let began = ContinuousClock.now
    private var said = ContinuousClock.now
    private var done = 0

    private static let pause = Duration.seconds(2)

    init(count: Int) {
        self.count = count
    }

    mutating func finishedOne() {
        done += 1
        let now = ContinuousClock.now
        guard said.duration(to: now) >= Self.pause else { return }
        said = now
        let passed = began.duration(to: now)
        let rate = Double(done) / max(passed / .seconds(1), 0.001)
        let left = Int(Double(count - done) / max(rate, 0.001))
        Talk.say("\(done) of \(count) seeds, \(Int(rate)) a second, about \(left) s left")
    }
}
