import Command
import Foundation
import Journal
import LiveDriver
import NetworkRuntime
import RelayService
import Scenario

/// What `exec` plays while its command runs, what it judges afterwards, and the reports on that.
struct Examination: Sendable {
    private let play: PlayBesideRelay?
    private let expectations: (path: String, file: ExpectationFile)?
    private let reports: [Report]

    /// How long expectations may take to become true: an ACK of the last moment settles its
    /// message a little later.
    private static let patience = Duration.seconds(5)

    /// Reads the files and makes those of the reports, before anything is started.
    init(
        _ scenario: NamedScenario?, verify path: String?, reports requests: [ReportRequest],
        _ settings: ServeSettings
    ) throws(CommandFailure) {
        expectations = try path.map { path throws(CommandFailure) in
            (path, try Self.expectations(path, settings))
        }
        play = try scenario.map { scenario throws(CommandFailure) in
            try Self.play(scenario, settings)
        }
        guard play != nil || expectations != nil else {
            reports = []
            guard requests.isEmpty else {
                throw CommandFailure(
                    .badSettings, "--report has nothing to tell of",
                    remedy: "add --scenario FILE or --verify FILE, or leave out --report")
            }
            return
        }
        reports = try Self.reports(requests)
    }

    private static func expectations(
        _ path: String, _ settings: ServeSettings
    ) throws(CommandFailure) -> ExpectationFile {
        guard settings.relay.journalLimit > 0 else {
            throw CommandFailure(
                .badSettings, "--verify needs a journal, and --journal-limit 0 keeps none",
                remedy: "leave out one of the two")
        }
        do throws(ScenarioFileError) {
            return try ExpectationFile.load(path: path)
        } catch {
            throw CommandFailure([error])
        }
    }

    private static func play(
        _ scenario: NamedScenario, _ settings: ServeSettings
    ) throws(CommandFailure) -> PlayBesideRelay {
        guard settings.relay.bind.isReachedByCast else {
            throw CommandFailure(
                .badSettings,
                "--scenario has its cast connect to 127.0.0.1, and --bind is not "
                    + "loopback", remedy: "leave out one of the two")
        }
        guard settings.relay.certificate == .good else {
            throw CommandFailure(
                .badSettings,
                "the cast of --scenario refuses --certificate "
                    + settings.relay.certificate.rawValue,
                remedy: "leave out one of the two")
        }
        try settings.state.create()
        let trust: LiveTrust
        do {
            trust = try LiveTrust(directory: settings.state.path)
        } catch {
            throw CommandFailure(.cannotCreate, "\(error)")
        }
        do {
            return try PlayBesideRelay(
                scenario.file, path: scenario.path, seed: settings.seed ?? scenario.file.seed,
                trust: trust)
        } catch {
            throw CommandFailure(
                .badSettings, error.description, remedy: "play it by gcm-relay scenario run")
        }
    }

    /// Standard output is the command's, unless somebody wants a report there.
    private static func reports(
        _ requests: [ReportRequest]
    ) throws(CommandFailure) -> [Report] {
        let hasText = requests.contains { $0.kind == .text }
        var reports = hasText ? [] : [Report(.text, on: .standardError)]
        for request in try ReportRequest.distinct(requests) { reports.append(try Report(request)) }
        return reports
    }

    // MARK: The play

    /// Who comes to live beside the relay; nil: nobody.
    var companion: RelayRuntime.CompanionMaker? { play?.companion }

    /// The relay serves: the play begins.
    func begin(_ server: RelayServer) async throws {
        let ports = server.relay.ports
        try await play?.begin(appServers: ports.xmpp, devices: ports.device)
    }

    // MARK: The verdict

    /// The command has ended: judges and reports.
    ///
    /// - Parameter isHasty: nothing is waited for, as the command has failed anyway.
    func end(_ server: RelayServer, isHasty: Bool) async throws -> ExitStatus {
        let patience = isHasty ? Duration.zero : Self.patience
        let command = Self.command(seed: server.seed)
        var runs: [ScenarioRun] = []
        if let play { runs.append(try await play.end(within: patience, command: command)) }
        if let (path, file) = expectations {
            runs.append(try await judge(file, path, server, within: patience, command: command))
        }
        var reports = reports
        var tally = RunTally()
        for run in runs {
            tally.add(run)
            for index in reports.indices { try reports[index].add(run) }
        }
        for index in reports.indices { try reports[index].finish(tally) }
        return runs.reduce(.done) { $0.worse($1.exitStatus) }
    }

    private func judge(
        _ file: ExpectationFile, _ path: String, _ server: RelayServer,
        within patience: Duration, command: String
    ) async throws -> ScenarioRun {
        let control = server.relay.control
        let began = ContinuousClock.now
        return try await control.poll(within: patience) {
            let (events, hasGap) = try await control.allEvents()
            return ScenarioRun(
                file.scenario, path: path, driver: .live, seed: server.seed,
                evidence: Evidence(events, vantage: .relay, hasGap: hasGap),
                took: ContinuousClock.now - began, command: command)
        } until: {
            $0.isGood
        } lastEvent: {
            $0.evidence.events.last?.number ?? 0
        }
    }

    /// What was typed, and the seed; the keys of `--project` are to be put in again.
    private static func command(seed: UInt64) -> String {
        var words = MaskedArguments(CommandLine.arguments.dropFirst()).words
        if !words.contains(where: { $0 == "--seed" || $0.hasPrefix("--seed=") }) {
            words.insert(contentsOf: ["--seed", "\(seed)"], at: min(1, words.count))
        }
        return ScenarioRun.shellCommand(["gcm-relay"] + words)
    }
}

extension ScenarioFile {
    /// The app server under test; nil: the file knows none.
    var guest: ExternalPlan? {
        for member in cast {
            if case .external(let plan) = member.role { return plan }
        }
        return nil
    }
}

extension ListenAddress {
    fileprivate var isReachedByCast: Bool {
        switch self {
        case .loopback: true
        case .host(let host): host == "127.0.0.1"
        }
    }
}
