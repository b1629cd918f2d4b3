import Foundation
import LiveDriver
import Scenario
import TLSEngine

/// Plays of a phone and a shop, written for one test.
enum Play {
    /// - Parameter steps: after both have been told to connect.
    static func file(
        _ steps: String, expect: String, ends: String = "{quiet: 15s, after: 5m}"
    ) throws -> ScenarioFile {
        try ScenarioFile.read(
            """
            scenario: a play
            ends: \(ends)
            relay: {retry: {first: 5s, jitter: 0}}
            cast:
              phone: {role: device, app: com.example.courier, sender-id: "4711"}
              shop: {role: app-server, sender-id: "4711"}
            steps:
              - shop: connects
              - phone: goes-online
            \(steps)
            expect:
            \(expect)

            """, path: "play.yaml")
    }

    /// With an app server under test.
    static func external(after end: String) throws -> ScenarioFile {
        try ScenarioFile.read(
            """
            scenario: a guest
            ends: {quiet: 2s, after: \(end)}
            relay: {projects: {"4711": secret}}
            cast:
              phone: {role: device, app: com.example.courier, sender-id: "4711"}
              mine: {role: external, sender-id: "4711", api-key: secret}
            steps:
              - mine: connects
              - phone: goes-online
              - phone: {sends: {id: m-1}}
            expect:
              - mine: {acks: m-1, times: 1}
              - relay: {message: m-1, state: settled, attempts: 1}

            """, path: "play.yaml")
    }
}

/// The scenarios in `Fixtures/scenarios`.
enum Shipped {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/scenarios")

    static func file(_ name: String) throws -> ScenarioFile {
        let path = folder.appending(path: name + ".yaml").path
        return try ScenarioFile.read(String(contentsOfFile: path, encoding: .utf8), path: name)
    }
}

/// A CA in a folder that is gone with it.
final class TemporaryTrust {
    let trust: LiveTrust
    let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory
            .appending(path: "live-trust-\(UUID().uuidString)")
        trust = try LiveTrust(directory: folder.path)
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }
}
