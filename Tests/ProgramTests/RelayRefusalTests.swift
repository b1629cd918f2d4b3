import Foundation
import RealPrograms
import Testing

@Suite("A relay that cannot start says why, and what to do")
struct RelayRefusalTests {
    private let state: TemporaryDirectory

    init() throws {
        state = try TemporaryDirectory()
    }

    /// How a relay that must not start ended, and what it said.
    private func refusal(
        _ arguments: [String]
    ) async throws -> (status: Int32, talk: String) {
        let anyPort = ["--preprod-port", "0", "--device-port", "0", "--admin-port", "0"]
        let relay = try RealProgram(
            "gcm-relay", ["serve", "--state-dir", state.path] + anyPort + arguments,
            environment: ["GCM_RELAY_SERVE_PORT": "0"])
        let status = try await relay.exitStatus()
        #expect(relay.linesSoFar == [], "nothing may claim to be ready")
        return (status, relay.talk)
    }

    @Test("A second relay on a store is refused, and the holder named")
    func storeInUse() async throws {
        let first = try await RelayProgram(in: state)
        let (status, talk) = try await refusal([])
        #expect(status == 69)
        #expect(talk.contains("\(first.program.pid)"), "\(talk)")
        #expect(talk.contains(state.file("relay.db")), "\(talk)")
        #expect(try await first.metrics()["queued"] == 0, "the first goes on")
    }

    @Test("A port that is taken is named, with the program that holds it")
    func portTaken() async throws {
        let first = try await RelayProgram(in: state)
        let port = "\(first.endpoints.xmpp)"
        let (status, talk) = try await refusal(["--store", ":memory:", "--port", port])
        #expect(status == 69)
        #expect(talk.contains("port \(port) (--port) is not available"), "\(talk)")
        #expect(talk.contains("held by gcm-relay (pid \(first.program.pid))"), "\(talk)")
    }

    @Test("An admin port that is taken is named, with the program that holds it")
    func adminPortTaken() async throws {
        let first = try await RelayProgram(in: state)
        let port = "\(first.endpoints.admin)"
        let (status, talk) = try await refusal(["--store", ":memory:", "--admin-port", port])
        #expect(status == 69)
        #expect(talk.contains("port \(port) (--admin-port) is not available"), "\(talk)")
        #expect(talk.contains("held by gcm-relay (pid \(first.program.pid))"), "\(talk)")
    }

    @Test(
        "A store in a place where nothing can be written",
        .enabled(if: FileManager.default.fileExists(atPath: "/proc/self")))
    func notWritable() async throws {
        let (status, talk) = try await refusal(["--store", "/proc/relay.db"])
        #expect(status == 74)
        #expect(talk.contains("/proc/relay.db"), "\(talk)")
    }

    @Test("A file that is no store is refused and left as it was")
    func notOurs() async throws {
        let text = String(repeating: "shopping list: milk, bread\n", count: 100)
        let file = try state.write(text, to: "list.txt")
        let (status, talk) = try await refusal(["--store", file])
        #expect(status == 73)
        #expect(talk.contains(file), "\(talk)")
        #expect(try String(contentsOfFile: file, encoding: .utf8) == text)
    }

    @Test("A store in a directory that does not exist")
    func noDirectory() async throws {
        let (status, talk) = try await refusal(["--store", state.file("missing/relay.db")])
        #expect(status == 73)
        #expect(talk.contains(state.file("missing")), "\(talk)")
    }

    @Test("Open to other machines it needs projects")
    func openToAll() async throws {
        let (status, talk) = try await refusal(["--bind", "0.0.0.0"])
        #expect(status == 78)
        #expect(talk.contains("--project SENDER_ID:API_KEY"), "\(talk)")
    }

    @Test("An unknown setting is named with its place, and what was meant")
    func unknownSetting() async throws {
        let file = try state.write("port: 0\nretry-frist: 1s\n", to: "relay.yaml")
        let (status, talk) = try await refusal(["--config", file])
        #expect(status == 65)
        #expect(talk.contains("\(file):2:1: unknown setting \"retry-frist\""), "\(talk)")
        #expect(talk.contains("did you mean \"retry-first\"?"), "\(talk)")
    }

    @Test("A settings file that is no YAML is told with its place")
    func brokenSettings() async throws {
        let file = try state.write("port: [0\n", to: "relay.yaml")
        let (status, talk) = try await refusal(["--config", file])
        #expect(status == 65)
        #expect(talk.contains("\(file):2:1:"), "\(talk)")
    }

    @Test(
        "Flags that make no sense are a matter of usage",
        arguments: [
            ["--port", "70000"], ["--no-such-flag"], ["--retry-first", "soon"],
            ["--project", "no-colon"],
        ])
    func usage(arguments: [String]) async throws {
        let (status, talk) = try await refusal(arguments)
        #expect(status == 64)
        #expect(talk.contains(arguments[0].dropFirst(2)), "\(talk)")
    }

    @Test("Settings that contradict each other are told")
    func contradiction() async throws {
        let (status, talk) = try await refusal(["--retry-first", "5s", "--retry-longest", "1s"])
        #expect(status == 78)
        #expect(talk.contains("--retry-longest"), "\(talk)")
    }
}
