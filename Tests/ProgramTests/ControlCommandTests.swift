import Foundation
import RealPrograms
import Testing

@Suite("The subcommands that ask a running relay", .serialized)
struct ControlCommandTests {
    private let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
    }

    /// What a subcommand printed, and how it ended.
    private func run(
        _ arguments: [String], at relay: RelayProgram
    ) async throws -> (status: Int32, lines: [String], talk: String) {
        let program = try RealProgram(
            "gcm-relay", arguments,
            environment: ["GCM_RELAY_ADMIN_URL": "http://127.0.0.1:\(relay.endpoints.admin)"])
        return (try await program.exitStatus(), program.linesSoFar, program.talk)
    }

    @Test("From the first message to the end of the relay")
    func day() async throws {
        let environment = ["XDG_STATE_HOME": home.path]
        let relay = try await RelayProgram(["--retry-first", "100ms"], environment: environment)
        #expect(try await run(["readyz", "--wait"], at: relay).lines == ["ok"])
        let device = try DeviceProgram(["send", "--data", "parcel=17"], environment: environment)
        #expect(try await device.program.exitStatus() == 0)
        let waiting = try await run(["messages", "show", "1"], at: relay)
        #expect(
            waiting.lines.last
                == "it was not sent yet: no app server of sender 555000111222 is connected")

        let appServer = try AppServerProgram(
            ["run", "--ack", "skip:2", "--count", "2"], environment: environment)
        let settled = try await run(
            ["messages", "wait", "data.parcel=17 and state=settled", "--timeout", "20s"], at: relay)
        #expect(settled.lines.first?.hasPrefix("1 settled upstream 1 ") == true)
        let story = try await run(["messages", "show", "1"], at: relay)
        #expect(story.lines.contains { $0.contains("attempt 3 on connection") })
        let replayed = try await run(
            ["messages", "replay", "1", "--set", "data.parcel=18", "--message-id", "again"],
            at: relay)
        #expect(replayed.lines == ["2 again"])
        #expect(try await appServer.program.exitStatus() == 0)

        let file = home.file("expect.yaml")
        try Data("expect:\n  - {match: data.parcel=18 and state=settled}\n".utf8)
            .write(to: URL(fileURLWithPath: file))
        let verified = try await run(["verify", file, "--timeout", "20s"], at: relay)
        #expect(verified.status == 0, "\(verified.lines) \(verified.talk)")
        let devices = try await LocalHTTP.get("/v1/devices", port: relay.endpoints.admin).body
        let token = try #require(devices.firstMatch(of: /"token":"([^"]+)"/)).1
        let receipt = try await run(
            ["trigger", "receipt", "d-7", "--from", String(token)], at: relay)
        #expect(receipt.lines == ["3 dr2:d-7"], "\(receipt.talk)")
        let made = try await LocalHTTP.ask(
            "POST", "/v1/devices",
            body: #"{"app":"com.example.a","sender_id":"4711","online":false}"#,
            port: relay.endpoints.admin)
        #expect(made.status == 201, "\(made.body)")
        let waits = try await run(["trigger", "upstream", "--id", "later"], at: relay)
        #expect(waits.lines == ["- later"], "\(waits.talk)")
        let settings = try await LocalHTTP.get("/v1/settings", port: relay.endpoints.admin).body
        #expect(settings.contains(#"{"name":"quirk.condition","values":["#))
        let exported = try await run(["journal", "export"], at: relay)
        #expect(exported.lines.count > 20)
        #expect(try await run(["reset"], at: relay).status == 0)
        #expect(try await run(["messages", "list"], at: relay).lines == [])
        #expect(try await run(["stop"], at: relay).status == 0)
        #expect(try await relay.program.exitStatus() == 0)
        #expect(try await run(["readyz"], at: relay).status == 69)
    }

    private static let failures: [(arguments: [String], status: Int32, sentence: String)] = [
        (["messages", "show", "none"], 1, "there is no message \"none\""),
        (["messages", "list", "--state", "lost"], 64, "state \"lost\" is unknown"),
        (["messages", "wait", "attempt>1", "--timeout", "1ms"], 75, "not at least 1"),
        (["messages", "wait", "colour=red"], 64, "unknown field \"colour\""),
        (["connections", "cut", "77"], 1, "there is no connection 77"),
        (["fault", "add", "--on", "login", "--do", "reorder"], 64, "makes no sense"),
        (["trigger", "upstream", "--from", "nobody"], 1, "nobody is registered"),
        (["trigger", "upstream"], 1, "no device lives in the relay"),
        (["trigger", "receipt", "d-1", "--from", "nobody"], 1, "nobody is registered"),
        (["trigger", "upstream", "--from", "x", "--data", "k"], 64, "not KEY=VALUE"),
        (["verify", "/nowhere.yaml"], 65, "/nowhere.yaml cannot be read"),
        (["messages", "list", "--admin", "ftp://x"], 64, "no address of a relay"),
        (["messages", "list", "--admin", "http://127.0.0.1:1"], 69, "no relay answers"),
    ]

    @Test("What does not succeed ends with the contract's code, and says why")
    func failures() async throws {
        let relay = try await RelayProgram(in: home, ["--store", ":memory:"])
        for (arguments, status, sentence) in Self.failures {
            let (ended, lines, talk) = try await run(arguments, at: relay)
            #expect(ended == status, "\(talk)")
            #expect(lines == [])
            #expect(talk.contains(sentence), "\(talk)")
        }
    }
}
