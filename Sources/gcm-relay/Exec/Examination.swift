import Command
import Foundation
import Journal
import RelayService
import Scenario

/// What `exec` judges when its command has ended, and the reports on that.
struct Examination: Sendable {
    private let expectations: (path: String, file: ExpectationFile)?
    private let reports: [Report]

    /// How long expectations may take to become true: an ACK of the last moment settles its
    /// message a little later.
    private static let patience = Duration.seconds(5)

    /// Reads the files and makes those of the reports, before anything is started.
    init(
        verify path: String?, reports requests: [ReportRequest], _ settings: ServeSettings
    ) throws(CommandFailure) {
        guard let path else {
            expectations = nil
            reports = []
            guard requests.isEmpty else {
                throw CommandFailure(
                    .badSettings, "--report has nothing to tell of",
                    remedy: "add --verify FILE, or leave out --report")
            }
            return
        }
        guard settings.relay.journalLimit > 0 else {
            throw CommandFailure(
                .badSettings, "--verify needs a journal, and --journal-limit 0 keeps none",
                remedy: "leave out one of the two")
        }
        do throws(ScenarioFileError) {
            expectations = (path, try ExpectationFile.load(path: path))
        } catch {
            throw CommandFailure([error])
        }
        reports = try Self.reports(requests)
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

    /// Judges and reports.
    ///
    /// - Parameter isHasty: nothing is waited for, as the command has failed anyway.
    func judge(_ server: RelayServer, isHasty: Bool) async throws -> ExitStatus {
        guard let expectations else { return .done }
        let run = try await run(expectations, server, within: isHasty ? .zero : Self.patience)
        var reports = reports
        var tally = RunTally()
        tally.add(run)
        for index in reports.indices {
            try reports[index].add(run)
            try reports[index].finish(tally)
        }
        return run.exitStatus
    }

    private func run(
        _ expectations: (path: String, file: ExpectationFile), _ server: RelayServer,
        within patience: Duration
    ) async throws -> ScenarioRun {
        let control = server.relay.control
        let began = ContinuousClock.now
        return try await control.poll(within: patience) {
            let (events, hasGap) = try await control.allEvents()
            return ScenarioRun(
                expectations.file.scenario, path: expectations.path, driver: .live,
                seed: server.seed,
                evidence: Evidence(events, vantage: .relay, hasGap: hasGap),
                took: ContinuousClock.now - began, command: Self.command(seed: server.seed))
        } until: {
            $0.isGood
        } lastEvent: {
            $0.evidence.events.last?.number ?? 0
        }
    }

    /// What was typed, and the seed.
    private static func command(seed: UInt64) -> String {
        var words = Array(CommandLine.arguments.dropFirst())
        if !words.contains(where: { $0 == "--seed" || $0.hasPrefix("--seed=") }) {
            words.insert(contentsOf: ["--seed", "\(seed)"], at: min(1, words.count))
        }
        return ScenarioRun.shellCommand(["gcm-relay"] + words)
    }
}
