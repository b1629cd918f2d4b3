import Foundation
import GCMAppServer
import TLSEngine
import Testing

@Suite("What keeps an app server from connecting", .timeLimit(.minutes(5)))
struct RefusalTests {
    @Test("a wrong key ends the app server with what is to be checked")
    func wrongKey() async throws {
        let relay = try await TestRelay()
        var configuration = relay.configuration()
        configuration.apiKey = "another-key"
        configuration.connections = 3
        let server = try GCMAppServer(configuration)
        let error = await #expect(throws: GCMAppServerError.self) { try await server.run() }
        #expect(error?.code == .loginRefused)
        #expect(error?.description.contains("not-authorized") == true)
        let events = await server.events { _ in false }
        #expect(events.map(\.summary) == ["login refused"])
        try await relay.shutdown()
    }

    @Test("a relay whose certificate another CA signed is not talked to")
    func wrongAuthority() async throws {
        let relay = try await TestRelay()
        let other = try await TestRelay()
        var configuration = relay.configuration()
        configuration.trustedCAFile = other.trustedCAFile
        let reason = try await reasonOfFirstFailure(configuration)
        #expect(reason.contains("not signed by a CA in the trusted file"))
        try await other.shutdown()
        try await relay.shutdown()
    }

    @Test("a relay whose certificate is for another host is not talked to")
    func wrongHostName() async throws {
        let relay = try await TestRelay(certifiedNames: ["relay.example"])
        let reason = try await reasonOfFirstFailure(relay.configuration())
        #expect(reason.contains("not for 127.0.0.1 but for relay.example"))
        try await relay.shutdown()
    }

    @Test("a relay that is not there is tried again")
    func nobodyListens() async throws {
        let relay = try await TestRelay()
        let configuration = relay.configuration()
        try await relay.shutdown()
        try await withServer(configuration) { server in
            var failures = 0
            let events = await server.events { event in
                if case .connectionFailed = event { failures += 1 }
                return failures == 2
            }
            #expect(events.map(\.summary) == ["failed 1", "failed 2"])
        }
    }

    @Test(
        "a file of CAs that cannot be used is named",
        arguments: [
            (nil, GCMAppServerError.Code.missingTrust), ("no CA", .unusableTrust),
        ] as [(String?, GCMAppServerError.Code)])
    func unusableTrust(content: String?, code: GCMAppServerError.Code) throws {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("\(UUID().uuidString).pem")
        defer { try? FileManager.default.removeItem(at: file) }
        try content.map { try Data($0.utf8).write(to: file) }
        let error = #expect(throws: GCMAppServerError.self) {
            try GCMAppServer(
                .init(trustedCAFile: file.path, senderID: "1", apiKey: TestRelay.key))
        }
        #expect(error?.code == code)
        #expect(error?.description.contains(file.path) == true)
    }

    @Test("a configuration that makes no sense is refused", arguments: [("", 1), ("1", 0)])
    func invalidConfiguration(senderID: String, connections: Int) throws {
        var configuration = GCMAppServer.Configuration(
            trustedCAFile: "none", senderID: senderID, apiKey: TestRelay.key)
        configuration.connections = connections
        let error = #expect(throws: GCMAppServerError.self) { try GCMAppServer(configuration) }
        #expect(error?.code == .invalidConfiguration)
    }

    private func reasonOfFirstFailure(
        _ configuration: GCMAppServer.Configuration
    ) async throws -> String {
        try await withServer(configuration) { server in
            let events = await server.events { _ in true }
            guard case .connectionFailed(_, let reason, _) = try #require(events.first) else {
                Issue.record("connected instead: \(events.map(\.summary))")
                return ""
            }
            return reason
        }
    }
}
