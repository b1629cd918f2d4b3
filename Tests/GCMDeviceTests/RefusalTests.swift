import Testing

@testable import GCMDevice

/// The relay's own sentence reaches whoever has to mend something.
@Suite("What the relay refuses a device", .timeLimit(.minutes(5)))
struct RefusalTests {
    @Test("A registration: the error has the relay's reason")
    func registration() async throws {
        let trust = try TestTrust()
        let relay = try await TestRelay(trust)
        let phone = try await Phone(relay.configuration(trust))
        phone.device.connect()
        for number in 1...100 { _ = try await phone.gcm.register("\(number)") }
        // Here it is a new app, but not to the relay, which knows its 100 senders.
        try await phone.device.uninstall("com.example.pigeon")
        let error = await #expect(throws: GoogleCloudMessagingError.self) {
            try await phone.gcm.register("101")
        }
        #expect(error?.code == .invalidParameters)
        #expect(error?.description == "INVALID_PARAMETERS")
        let detail = try #require(error?.detail)
        #expect(detail.hasPrefix("invalid_parameters: ") && detail.contains("100"), "\(detail)")
        // The status comes after the answer.
        await phone.statuses.wait(
            for: .registrationRefused(app: "com.example.pigeon", reason: detail))
        await phone.device.close()
        try await relay.stop()
    }

    @Test("A login of a device that it does not know")
    func login() async throws {
        let trust = try TestTrust()
        let stateFile = trust.stateFile()
        let first = try await TestRelay(trust)
        let phone = try await Phone(first.configuration(trust, stateFile: stateFile))
        phone.device.connect()
        _ = try await phone.gcm.register("4711")
        await phone.device.close()
        try await first.stop()

        let second = try await TestRelay(trust)
        let again = try await Phone(second.configuration(trust, stateFile: stateFile))
        again.device.connect()
        let statuses = await again.statuses.wait { $0.contains(.online) }
        let reasons = statuses.compactMap {
            if case .identityRefused(let reason) = $0 { reason } else { nil }
        }
        #expect(reasons.count == 1 && reasons[0].contains("device"), "\(reasons)")
        await again.device.close()
        try await second.stop()
    }
}
