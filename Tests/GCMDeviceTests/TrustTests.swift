import TLSEngine
import Testing

@testable import GCMDevice

@Suite("Whom a device trusts", .timeLimit(.minutes(5)))
struct TrustTests {
    @Test("a relay whose certificate another CA signed is not talked to")
    func otherAuthority() async throws {
        let reason = try await refusal { _, other in try other.server() }
        #expect(reason.contains("not signed by a CA in the trusted file"))
    }

    @Test("a relay whose certificate is for another host is not talked to")
    func otherHost() async throws {
        let reason = try await refusal { trust, _ in try trust.server(for: "relay.example.com") }
        #expect(reason.contains("not for 127.0.0.1 but for relay.example.com"))
    }

    @Test("a CA file that is not there, or is none, is named")
    func badFile() async throws {
        let trust = try TestTrust()
        var configuration = GCMDeviceConfiguration.unconnected(trust)
        configuration.trustedCAFile = trust.directory + "/missing.pem"
        let missing = await #expect(throws: GCMDeviceError.self) {
            try await GCMDevice.open(configuration)
        }
        #expect(missing?.code == .missingTrust)
        #expect(missing?.description.contains("/missing.pem does not exist") == true)
    }

    /// Why a device does not connect to a relay with this certificate.
    private func refusal(
        _ server: (TestTrust, TestTrust) throws -> TLSContext
    ) async throws -> String {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust, tls: server(trust, TestTrust()))
        let phone = try await Phone(relay.configuration(trust))
        try await phone.send(["m-1"])
        phone.device.connect()
        let statuses = await phone.statuses.wait(count: 1)
        #expect(phone.app.told.entries.isEmpty)
        await phone.device.close()
        try await relay.stop()
        guard case .connectionLost(let reason) = statuses.first else { return "\(statuses)" }
        return reason
    }
}
