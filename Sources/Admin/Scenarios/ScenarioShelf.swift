import CloudMessaging
import NIOPosix
import Scenario
import Simulator

/// The scenarios that were put into a relay over HTTP, and their plays, one at a time.
///
/// They are played in virtual time, beside the relay and without it.
package actor ScenarioShelf {
    struct Entry: Sendable {
        let name: String
        let file: ScenarioFile
        /// As it was put there.
        let text: String
    }

    static let limit = 100
    /// What is played here cannot be broken off, so it has narrower bounds than a file on disk.
    static let fileBytes = 128 << 10
    static let longestPlay = Duration.seconds(86_400)
    static let castLimit = 100

    /// By name.
    private(set) var entries: [Entry] = []
    private var isPlaying = false

    /// Puts a scenario on the shelf; true: none had the name.
    func put(_ text: String, as name: String) throws(AdminError) -> Bool {
        let file: ScenarioFile
        do {
            file = try ScenarioFile.read(text, path: name)
        } catch {
            throw .badRequest("\(error)", hint: "docs/scenarios.md has the language")
        }
        try Self.checkSize(file)
        let entry = Entry(name: name, file: file, text: text)
        if let index = entries.firstIndex(where: { $0.name == name }) {
            entries[index] = entry
            return false
        }
        guard entries.count < Self.limit else {
            throw .conflict(
                "there are \(Self.limit) scenarios already", hint: "put it in the place of another")
        }
        entries.insert(entry, at: entries.firstIndex { $0.name > name } ?? entries.endIndex)
        return true
    }

    private static func checkSize(_ file: ScenarioFile) throws(AdminError) {
        let hint = "play it by `gcm-relay scenario run`, which has no such bound"
        guard file.cast.count <= castLimit else {
            throw .badRequest(
                "the cast has \(file.cast.count) members; over HTTP it may have \(castLimit)",
                hint: hint)
        }
        guard file.ending.after <= longestPlay else {
            throw .badRequest(
                "it ends after \(DurationText.text(of: file.ending.after)); over HTTP a play may "
                    + "last \(DurationText.text(of: longestPlay))", hint: hint)
        }
    }

    func entry(_ name: String) throws(AdminError) -> Entry {
        guard let entry = entries.first(where: { $0.name == name }) else {
            throw .notFound(
                "there is no scenario \"\(name)\"", hint: "PUT /v1/scenarios/\(name) makes one")
        }
        return entry
    }

    /// Plays a scenario on a thread of its own, and returns the report.
    func play(_ name: String, seed: UInt64?) async throws -> ScenarioRun {
        let entry = try entry(name)
        guard !entry.file.needsLiveDriver else {
            throw AdminError.conflict(
                "\"\(name)\" has an app server under test, and is played in virtual time here",
                hint: "play it by `gcm-relay scenario run --driver live`")
        }
        guard !isPlaying else {
            throw AdminError.conflict("another play is on", hint: "ask again when it is over")
        }
        isPlaying = true
        defer { isPlaying = false }
        return try await NIOThreadPool.singleton.runIfActive {
            let clock = ContinuousClock()
            let began = clock.now
            return ScenarioRun(playing: entry.file, path: name, seed: seed) { clock.now - began }
        }
    }
}
