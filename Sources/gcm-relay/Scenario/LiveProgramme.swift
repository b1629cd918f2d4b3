import Command
import Foundation
import LiveDriver
import Scenario
import UnixSignals

/// Gives live plays, several at once: they mostly wait.
struct LiveProgramme {
    private let files: [NamedScenario]
    private let timeScale: Int
    private let seed: UInt64?

    /// Plays at the same time.
    private static let width = 32
    /// Between their beginnings: that is when they have something to do.
    private static let pause = Duration.milliseconds(100)

    init(_ files: [NamedScenario], timeScale: Int, seed: UInt64?) {
        self.files = files
        self.timeScale = timeScale
        self.seed = seed
    }

    private enum Occurrence {
        case played(Int, ScenarioRun)
        case signal(UnixSignal)
    }

    /// - Parameter report: told of each play, in the order of the files.
    /// - Returns: what the program ends with because of a signal: nothing of the plays that it broke
    ///   off is left then, either; nil: there was none.
    func play(_ report: (ScenarioRun) throws -> Void) async throws -> ExitStatus? {
        guard !files.isEmpty else { return nil }
        // Before anything is there that would have to be removed.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        // An app server under test trusts the CA of the state directory, as it does with `serve`.
        let hasGuests = files.contains { $0.file.needsLiveDriver }
        let state =
            hasGuests
            ? StateDirectory()
            : StateDirectory(
                path: FileManager.default.temporaryDirectory
                    .appending(path: "gcm-trust-\(UUID().uuidString)").path)
        try state.create()
        defer {
            if !hasGuests { try? FileManager.default.removeItem(atPath: state.path) }
        }
        return try await play(
            by: LivePlay(
                timeScale: timeScale, trust: trust(in: state), invite: { Self.invite($0) },
                strangerCame: { Talk.say($0) }),
            until: signals, report)
    }

    private func trust(in state: StateDirectory) throws(CommandFailure) -> LiveTrust {
        do {
            return try LiveTrust(directory: state.path)
        } catch {
            throw CommandFailure(.cannotCreate, "\(error)")
        }
    }

    private func play(
        by stage: LivePlay, until signals: UnixSignalsSequence,
        _ report: (ScenarioRun) throws -> Void
    ) async throws -> ExitStatus? {
        let seed = seed
        return try await withThrowingTaskGroup(of: Occurrence?.self) { group in
            group.addTask { await signals.first { _ in true }.map { .signal($0) } }
            var next = 0
            func addNext() {
                guard next < files.count else { return }
                let (index, named) = (next, files[next])
                next += 1
                group.addTask {
                    if index < Self.width { try await Task.sleep(for: Self.pause * index) }
                    return .played(
                        index, try await stage.run(named.file, path: named.path, seed: seed))
                }
            }
            for _ in 0..<Self.width { addNext() }
            // Ends those that still play, and who waits for a signal.
            defer { group.cancelAll() }
            var played: [Int: ScenarioRun] = [:]
            var reported = 0
            while reported < files.count, let occurrence = try await group.next() {
                switch occurrence {
                case .played(let index, let run):
                    addNext()
                    played[index] = run
                case .signal(let signal):
                    SecondSignal.endsAtOnce()
                    return ExitStatus(endedBy: signal)
                case nil: break
                }
                while let run = played.removeValue(forKey: reported) {
                    reported += 1
                    try report(run)
                }
            }
            return nil
        }
    }

    private static func invite(_ invitation: Invitation) {
        Talk.say(
            "\(invitation.name) is waited for at \(invitation.host) port \(invitation.port) (TLS "
                + "from the first byte), CA \(invitation.authorityFile), to log in as "
                + "\(invitation.sender) with the password \(invitation.apiKey)")
    }
}
