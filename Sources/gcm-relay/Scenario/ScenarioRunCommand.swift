import ArgumentParser
import CloudMessaging
import Command
import Scenario
import Simulator

/// `gcm-relay scenario run`
struct ScenarioRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Plays the files, one after the other, and judges their expectations.",
        discussion: """
            Every file is read before the first is played. The same file, seed and version give \
            the same journal, byte for byte.

            Exit codes: 0 every expectation is met, 1 one is not, 64 usage, 65 a file does not \
            parse, 70 what must hold in every run did not (a fault of ours), 73 or 74 a report \
            cannot be written, 75 an event that a step waits for did not come, 78 the driver can \
            play none of the files.
            """)

    @Argument(help: "Scenario files: YAML or JSON.")
    var files: [String]

    @Option(help: "virtual: the whole cast in virtual time. live: not there yet.")
    var driver = "virtual"

    @Option(help: "Rules all randomness, instead of the files' own seeds.")
    var seed: UInt64?

    @Option(
        name: .customLong("report"),
        help: ArgumentHelp(
            "text, json, junit, html or ndjson (the journal), on standard output or in a file; "
                + "repeatable. (default: text)", valueName: "kind[:file]"),
        transform: ReportRequest.init(reading:))
    var reports: [ReportRequest] = []

    func run() async throws {
        try await Program.run {
            try checkDriver()
            let requests = try ReportRequest.checked(reports)
            let files = try NamedScenario.load(files)
            var reports = try requests.map { try Report($0) }
            var tally = RunTally()
            var status = ExitStatus.done
            for named in files {
                if let obstacle = named.obstacle {
                    Talk.say("skipped \(named.path): \(obstacle)")
                    tally.addSkipped()
                } else {
                    let run = play(named)
                    tally.add(run)
                    status = status.worse(run.exitStatus)
                    for index in reports.indices { try reports[index].add(run) }
                }
            }
            for index in reports.indices { try reports[index].finish(tally) }
            try refuseNothing(tally)
            return status
        }
    }

    private func play(_ named: NamedScenario) -> ScenarioRun {
        let clock = ContinuousClock()
        let began = clock.now
        return ScenarioRun(playing: named.file, path: named.path, seed: seed) {
            clock.now - began
        }
    }

    private func checkDriver() throws(CommandFailure) {
        let names = ScenarioRun.Driver.allCases.map(\.rawValue)
        guard let driver = ScenarioRun.Driver(rawValue: driver) else {
            throw CommandFailure(
                .usage, "--driver \"\(driver)\" is not known",
                remedy: Suggestion.sentence(for: driver, among: names))
        }
        guard driver == .virtual else {
            throw CommandFailure(
                .usage, "--driver live is not there yet",
                remedy: "leave it out: the files are played in virtual time then")
        }
    }

    /// A run that plays nothing must not look like one that went well.
    private func refuseNothing(_ tally: RunTally) throws(CommandFailure) {
        guard tally.good + tally.failed == 0 else { return }
        throw CommandFailure(
            .badSettings, "nothing was played: --driver \(driver) can play none of the files")
    }
}

extension ScenarioRun {
    fileprivate var exitStatus: ExitStatus {
        switch failure?.kind {
        case .invariant: .software
        case .step: .failed
        // What was expected of the rest of the play is not decided.
        case .timeout: .timeout
        case nil: isGood ? .done : .failed
        }
    }
}

extension ExitStatus {
    /// The one that a run of several files ends with.
    fileprivate func worse(_ other: ExitStatus) -> ExitStatus {
        let order: [ExitStatus] = [.software, .failed, .timeout]
        return order.first { $0 == self || $0 == other } ?? .done
    }
}
