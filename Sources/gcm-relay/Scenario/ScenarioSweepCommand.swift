import ArgumentParser
import CloudMessaging
import Command
import Scenario

/// `gcm-relay scenario sweep`
struct ScenarioSweepCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweep",
        abstract: "Plays many seeds and judges what must hold in every run.",
        discussion: """
            Without files each seed makes a play of its own: cast, traffic, and whatever can go \
            wrong. With files they are played under the seeds, shared out among them; their \
            expectations count only where a file says any-seed. Stops at the first play that goes \
            wrong. One in which something did not hold is made as small as can be and written as a \
            scenario file.

            Exit codes: 0 all held, 1 an expectation of an any-seed file is not met, 64 usage, 65 a \
            file does not parse, 70 something did not hold (a fault of ours), 73 or 74 the file \
            cannot be written, 75 an event that an any-seed file waits for did not come, 78 none of \
            the files can be played in virtual time, 130 or 143 a signal ended it: how to go on is \
            said.
            """)

    @Argument(help: "Scenario files; none: plays by chance.")
    var files: [String] = []

    @Option(
        name: .customLong("seeds"), help: ArgumentHelp("Which seeds.", valueName: "a..b"),
        transform: SeedRange.init(reading:))
    var ranges: [SeedRange]

    @Option(
        help: ArgumentHelp(
            "Where the play goes that went wrong. (default: sweep-SEED.yaml)", valueName: "file"))
    var output: String?

    func validate() throws {
        _ = try SeedRange.only(ranges)
    }

    func run() async throws {
        let seeds = try SeedRange.only(ranges)
        try await Program.run {
            let output = try SweepOutput(path: output, playing: files)
            let sweep = SeedSweep(seeds, of: try playable())
            let began = ContinuousClock.now
            let result = try await sweep.run()
            if let failure = result.failure { return try await report(failure, to: output) }
            if let ended = result.ended {
                say(
                    "ended by a signal after \(result.held) of \(seeds.count) seeds, which held; go on "
                        + "with --seeds \(result.next)..\(seeds.upperBound)")
                return ended
            }
            let took = (ContinuousClock.now - began).components.seconds
            let count = seeds.count == 1 ? "1 seed" : "\(seeds.count) seeds"
            say("\(count) held, in \(DurationText.text(of: .seconds(took)))")
            return .done
        }
    }

    private func playable() throws(CommandFailure) -> [NamedScenario] {
        let files = try NamedScenario.load(files)
        let playable = files.filter { named in
            guard let obstacle = named.obstacle(for: .virtual) else { return true }
            Talk.say("skipped \(named.path): \(obstacle)")
            return false
        }
        guard files.isEmpty || !playable.isEmpty else {
            throw CommandFailure(
                .badSettings, "none of the files can be swept in virtual time",
                remedy: "name one without role: external, or none: plays by chance")
        }
        return playable
    }

    // MARK: What went wrong

    private func report(
        _ failure: SweepFailure, to output: SweepOutput
    ) async throws -> ExitStatus {
        if let run = failure.unmet {
            say(run.text)
            return run.exitStatus
        }
        // The whole play first: a signal that ends the making small leaves something.
        let path = try output.write(failure.whole, seed: failure.seed)
        Talk.say("\(failure.name) does not keep what must hold; making it small")
        let shrinking = SignalledWork(count: 1, width: 1) { _ in failure.shrunk() }
        var found = "a signal ended the making small; the whole play is \(path)"
        let ended = try await shrinking.run { _, small in
            _ = try output.write(small.text, seed: failure.seed)
            found =
                "\(failure.name): \(small.violation)\nthe smallest play that shows it is \(path)"
            return true
        }
        let command = ScenarioRun.shellCommand(["gcm-relay", "scenario", "run", path])
        say("\(found)\nrepeat with: \(command)")
        return ended ?? .software
    }

    private func say(_ text: String) {
        var output = StandardOutput()
        output.append(Array((text + (text.hasSuffix("\n") ? "" : "\n")).utf8))
        output.flush()
    }
}
