import Foundation
import RealPrograms
import Testing

/// No engine is needed: what the image would run is run here.
@Suite("docs/examples/container says what the programs understand")
struct ContainerTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "docs/examples/container")

    private static func text(_ file: String) throws -> String {
        try String(contentsOf: folder.appending(path: file), encoding: .utf8)
    }

    /// The words of an instruction of the Containerfile.
    private static func words(_ instruction: Regex<(Substring, Substring)>) throws -> [String] {
        let match = try #require(try text("Containerfile").firstMatch(of: instruction))
        let json = String(match.1).replacing("\\\n", with: "")
        return try JSONDecoder().decode([String].self, from: Data(json.utf8))
    }

    @Test("The relay takes its flags, is healthy, and serves other containers under its name")
    func command() async throws {
        #expect(try Self.words(#/\nENTRYPOINT (\[.*\])/#) == ["gcm-relay"])
        let command = try Self.words(#/\nCMD (\[[^\]]*\])/#)
        #expect(command.first == "serve")
        // Of a test the admin API is open to nobody else.
        let arguments = command.dropFirst() + ["--admin-bind", "loopback"]
        let state = try TemporaryDirectory()
        let relay = try await RelayProgram(
            Array(arguments), environment: ["XDG_STATE_HOME": state.path])
        let admin = relay.endpoints.admin

        let health = try Self.words(#/HEALTHCHECK .*CMD (\[.*\])/#)
        let probe = try RealProgram(
            health[0], Array(health.dropFirst()),
            environment: ["GCM_RELAY_ADMIN_URL": "http://127.0.0.1:\(admin)"])
        #expect(try await probe.exitStatus() == 0)
        let answer = try await LocalHTTP.ask(
            "GET", "/readyz", headers: ["Host": "relay:8085"], port: admin)
        #expect(answer.status == 200)

        let phone = try DeviceProgram(
            ["send", "--data", "parcel=17"], environment: ["XDG_STATE_HOME": state.path])
        #expect(try await phone.program.exitStatus() == 0, "\(phone.program.talk)")
    }

    @Test("The compose file has the CA where the image puts it, and the project that may log in")
    func compose() async throws {
        let compose = try Self.text("compose.yaml")
        let containerfile = try Self.text("Containerfile")
        let home = try #require(containerfile.firstMatch(of: /XDG_STATE_HOME=(\S+)/)?.1)
        let state = try TemporaryDirectory()
        let relay = try await RelayProgram(environment: ["XDG_STATE_HOME": state.path])
        let ca = String(relay.endpoints.ca.dropFirst(state.path.utf8.count))
        for name in ["GCM_RELAY_CA_FILE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"] {
            #expect(compose.contains("\(name): \(home)\(ca)\n"))
        }
        #expect(containerfile.contains("555000111222:demo-key"))
        #expect(compose.contains("GCM_RELAY_SENDER_ID: \"555000111222\"\n"))
        #expect(compose.contains("GCM_RELAY_API_KEY: demo-key\n"))
    }
}
