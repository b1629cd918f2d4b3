import Command
import Foundation
import LiveDriver
import Scenario

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

    /// - Parameter report: told of each play, in the order of the files.
    func play(_ report: (ScenarioRun) throws -> Void) async throws {
        guard !files.isEmpty else { return }
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
        try await play(
            by: LivePlay(timeScale: timeScale, trust: trust(in: state)) { Self.invite($0) }, report)
    }

    private func trust(in state: StateDirectory) throws(CommandFailure) -> LiveTrust {
        do {
            return try LiveTrust(directory: state.path)
        } catch {
            throw CommandFailure(.cannotCreate, "\(error)")
        }
    }

    private func play(by stage: LivePlay, _ report: (ScenarioRun) throws -> Void) async throws {
        let seed = seed
        try await withThrowingTaskGroup(of: (Int, ScenarioRun).self) { group in
            var next = 0
            func addNext() {
                guard next < files.count else { return }
                let (index, named) = (next, files[next])
                next += 1
                group.addTask {
                    if index < Self.width { try await Task.sleep(for: Self.pause * index) }
                    let run = try await stage.run(named.file, path: named.path, seed: seed)
                    return (index, run)
                }
            }
            for _ in 0..<Self.width { addNext() }
            var played: [Int: ScenarioRun] = [:]
            var reported = 0
            for try await (index, run) in group {
                addNext()
                played[index] = run
                while let run = played.removeValue(forKey: reported) {
                    reported += 1
                    try report(run)
                }
            }
        }
    }

    private static func invite(_ invitation: Invitation) {
        Talk.say(
            "\(invitation.name) is waited for at \(invitation.host) port \(invitation.port) (TLS "
                + "from the first byte), CA \(invitation.authorityFile), to log in as "
                + "\(invitation.sender) with the password \(invitation.apiKey)")
    }
}
