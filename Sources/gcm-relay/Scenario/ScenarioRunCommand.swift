import ArgumentParser
import CloudMessaging
import Command
import Scenario
import Simulator

/// `gcm-relay scenario run`
struct ScenarioRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Plays the files and judges their expectations.",
        discussion: """
            Every file is read before the first is played. In virtual time the same file, seed \
            and version give the same journal, byte for byte. Live plays are given on real \
            sockets, several at once; files that make no sense there are skipped.

            Exit codes: 0 every expectation is met, 1 one is not, 64 usage, 65 a file does not \
            parse, 70 what must hold in every run did not (a fault of ours), 73 or 74 a report \
            cannot be written, 75 an event that a step waits for did not come, 78 the driver can \
            play none of the files, 130 or 143 a signal ended the plays; the \
            reports are on those before.
            """)

    @Argument(help: "Scenario files: YAML or JSON.")
    var files: [String]

    @Option(help: "virtual: the whole cast in virtual time. live: over TLS on free ports.")
    var driver = "virtual"

    @Option(help: ArgumentHelp("How many times as fast live plays run.", valueName: "n"))
    var timeScale: Int?

    @Option(
        parsing: .unconditional, help: "Rules all randomness, instead of the files' own seeds.",
        transform: Self.seed(reading:))
    var seed: UInt64?

    @Option(
        name: .customLong("report"),
        help: ArgumentHelp(
            "text, json, junit, html or ndjson (the journal), on standard output or in a file; "
                + "repeatable. (default: text)", valueName: "kind[:file]"),
        transform: ReportRequest.init(reading:))
    var reports: [ReportRequest] = []

    private static func seed(reading text: String) throws -> UInt64 {
        guard let seed = UInt64(text) else {
            throw ValidationError(
                "\"\(text)\" is no seed; write a whole number from 0 to \(UInt64.max)")
        }
        return seed
    }

    func run() async throws {
        try await Program.run {
            let driver = try checkedDriver()
            let requests = try ReportRequest.checked(reports, playing: files)
            let files = try NamedScenario.load(files)
            var reports = try requests.map { try Report($0) }
            var tally = RunTally()
            var status = ExitStatus.done
            var playable: [NamedScenario] = []
            for named in files {
                if let obstacle = named.obstacle(for: driver) {
                    Talk.say("skipped \(named.path): \(obstacle)")
                    tally.addSkipped()
                } else {
                    playable.append(named)
                }
            }
            let began = ContinuousClock.now
            let ended = try await play(playable, by: driver) { run in
                tally.add(run)
                status = status.worse(run.exitStatus)
                for index in reports.indices { try reports[index].add(run) }
            }
            tally.took = ContinuousClock.now - began
            for index in reports.indices { try reports[index].finish(tally) }
            if let ended {
                sayEnded(after: tally, of: playable)
                return ended
            }
            try refuseNothing(tally)
            return status
        }
    }

    /// - Parameter report: told of each play, in the order of the files.
    /// - Returns: what a signal makes of the run; nil: there was none.
    private func play(
        _ files: [NamedScenario], by driver: ScenarioRun.Driver,
        report: (ScenarioRun) throws -> Void
    ) async throws -> ExitStatus? {
        switch driver {
        case .virtual:
            let seed = seed
            // One after the other: each has its time.
            let work = SignalledWork(count: files.count, width: 1) { index in
                Self.play(files[index], seed: seed)
            }
            return try await work.run { _, run in
                try report(run)
                return true
            }
        case .live:
            return try await LiveProgramme(files, timeScale: timeScale ?? 1, seed: seed)
                .play(report)
        }
    }

    private static func play(_ named: NamedScenario, seed: UInt64?) -> ScenarioRun {
        let clock = ContinuousClock()
        let began = clock.now
        return ScenarioRun(playing: named.file, path: named.path, seed: seed) {
            clock.now - began
        }
    }

    private func checkedDriver() throws(CommandFailure) -> ScenarioRun.Driver {
        let names = ScenarioRun.Driver.allCases.map(\.rawValue)
        guard let driver = ScenarioRun.Driver(rawValue: driver) else {
            throw CommandFailure(
                .usage, "--driver \"\(driver)\" is not known",
                remedy: Suggestion.sentence(for: driver, among: names))
        }
        guard let timeScale else { return driver }
        guard driver == .live else {
            throw CommandFailure(
                .badSettings, "--time-scale is for --driver live: virtual time takes none",
                remedy: "leave one of them out")
        }
        guard Limits.timeScale.contains(timeScale) else {
            throw CommandFailure(
                .usage, "--time-scale \(timeScale) is not from 1 to \(Limits.timeScale.upperBound)")
        }
        return driver
    }

    /// The reports are on what was played.
    private func sayEnded(after tally: RunTally, of files: [NamedScenario]) {
        let played = tally.played
        let next = played < files.count ? "; the next would be \(files[played].path)" : ""
        Talk.say(
            "ended by a signal after \(played) of \(files.count) plays, \(tally.good) ok\(next)")
    }

    /// A run that plays nothing must not look like one that went well.
    private func refuseNothing(_ tally: RunTally) throws(CommandFailure) {
        guard tally.played == 0 else { return }
        throw CommandFailure(
            .badSettings, "nothing was played: --driver \(driver) can play none of the files")
    }
}
