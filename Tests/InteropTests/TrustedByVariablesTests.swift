import Foundation
import RealPrograms
import Testing

@Suite(
    "Clients trust the relay by the variables of `gcm-relay trust env`, with nothing switched off",
    .enabled(
        if: ForeignLibrary.arePrepared,
        "no .build/python or .build/interop here: `make test` prepares them"))
struct TrustedByVariablesTests {
    enum Client: String, CaseIterable, CustomTestStringConvertible {
        case python, java

        var testDescription: String { rawValue }

        /// A command that `/usr/bin/env` finds.
        var command: [String] {
            let folder = ForeignLibrary.root + "/Tests/Interop"
            return switch self {
            case .python: ["python3", folder + "/python/login.py"]
            case .java: ["java", folder + "/java/LogIn.java"]
            }
        }
    }

    private let state: TemporaryDirectory

    init() throws {
        state = try TemporaryDirectory()
    }

    @Test("With them a client logs in", arguments: Client.allCases)
    func trusted(_ client: Client) async throws {
        let program = try await start(client, environment: try await variables())
        #expect(try await program.exitStatus() == 0, "\(program.failure("not trusted"))")
        #expect(program.linesSoFar == ["logged in"])
    }

    @Test("Without them it refuses the certificate", arguments: Client.allCases)
    func untrusted(_ client: Client) async throws {
        let program = try await start(client, environment: [:])
        #expect(try await program.exitStatus() == 1)
        #expect(program.linesSoFar.isEmpty)
        #expect(program.talk.lowercased().contains("certif"), "\(program.talk)")
    }

    private func start(
        _ client: Client, environment: [String: String]
    ) async throws -> RealProgram {
        let relay = try await RelayProgram(in: state)
        let program = try RealProgram(
            path: "/usr/bin/env",
            client.command + ["localhost", "\(relay.endpoints.xmpp)", "555000111222", "any-key"],
            environment: environment)
        _ = try await program.exitStatus()
        return withExtendedLifetime(relay) { program }
    }

    /// What a shell has after `eval "$(gcm-relay trust env)"`.
    private func variables() async throws -> [String: String] {
        let trust = try RealProgram("gcm-relay", ["trust", "env", "--state-dir", state.path])
        _ = try await trust.exitStatus()
        var variables: [String: String] = [:]
        for line in trust.linesSoFar {
            let match = try #require(line.wholeMatch(of: /export ([A-Z_]+)='(.*)'/))
            variables[String(match.1)] = String(match.2)
        }
        return variables
    }
}
