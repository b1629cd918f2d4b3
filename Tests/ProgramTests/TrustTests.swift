import Foundation
import RealPrograms
import Testing

@Suite("gcm-relay trust helps clients, and --certificate tests their refusal")
struct TrustTests {
    private let state: TemporaryDirectory

    init() throws {
        state = try TemporaryDirectory()
    }

    private func trust(_ arguments: String...) async throws -> (status: Int32, lines: [String]) {
        let program = try RealProgram(
            "gcm-relay", ["trust"] + arguments + ["--state-dir", state.path])
        return (try await program.exitStatus(), program.linesSoFar)
    }

    @Test("print prints the CA that the relay then shows as its own")
    func prints() async throws {
        let (status, lines) = try await trust("print")
        #expect(status == 0)
        let relay = try await RelayProgram(in: state)
        let ca = try String(contentsOfFile: relay.endpoints.ca, encoding: .utf8)
        #expect(lines.joined(separator: "\n") + "\n" == ca)
    }

    @Test("env prints a shell's lines, and the files that they name are there")
    func environment() async throws {
        let (status, lines) = try await trust("env")
        #expect(status == 0)
        #expect(
            lines.suffix(2) == [
                "export NODE_EXTRA_CA_CERTS='\(state.path)/ca.pem'",
                "export SSL_CERT_FILE='\(state.path)/trust-bundle.pem'",
            ])
        #expect(lines.first?.hasPrefix("export JAVA_TOOL_OPTIONS='") == true)
        for file in ["ca.pem", "trust-bundle.pem", "trust.jks"] {
            #expect(FileManager.default.fileExists(atPath: state.file(file)))
        }
    }

    @Test("jks says where the trust store is; where it cannot be written, why")
    func java() async throws {
        #expect(try await trust("jks").lines == [state.file("trust.jks")])
        let elsewhere = state.file("java.jks")
        #expect(try await trust("jks", "-o", elsewhere).lines == [elsewhere])
        #expect(FileManager.default.fileExists(atPath: elsewhere))
        #expect(try await trust("jks", "-o", state.file("nowhere/x")).status == 73)
    }

    @Test(
        "A client refuses the certificate, and says why",
        arguments: [
            ("expired", "certificate expired on"), ("wrong-host", "but for wrong.example"),
            ("untrusted", "was not signed by a CA in the trusted file"),
        ])
    func refusal(certificate: String, reason: String) async throws {
        let relay = try await RelayProgram(in: state, ["--certificate", certificate])
        let endpoints = relay.endpoints
        let client = try RealProgram(
            "gcm-appserver",
            [
                "send", "--relay", "\(endpoints.host):\(endpoints.xmpp)", "--ca", endpoints.ca,
                "--to", "nobody", "--data", "a=b",
            ])
        #expect(try await client.exitStatus() == 69)
        #expect(client.talk.contains(reason), "\(client.talk)")
    }
}
