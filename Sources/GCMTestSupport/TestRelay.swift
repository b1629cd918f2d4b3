internal import Foundation
public import GCMAppServer
public import GCMDevice
internal import RelayService
internal import Synchronization
internal import TLSEngine

/// A relay for the length of a test: in this process, on free ports, its store in memory.
///
/// ```swift
/// @Test func aLostACKBringsTheMessageAgain() async throws {
///     try await TestRelay.run(.init(firstRetry: .milliseconds(200))) { relay in
///         try await relay.addFault(.init(on: .upstreamAck, do: .drop, times: 1))
///         let shop = try GCMAppServer(relay.appServerConfiguration)
///         async let running: Void = shop.run()
///         try await relay.phone().send(["parcel": "17"], id: "m-1")
///         for await message in shop.messages.prefix(2) { message.ack() }
///         #expect(try await relay.waitForAck(of: "m-1").attempts >= 2)
///         shop.stop()
///         try await running
///     }
/// }
/// ```
///
/// It behaves as `gcm-relay serve` does, with its certificate, faults and journal; any number of
/// them run side by side. An app server in another process is tested against it, too:
/// ``environment`` has what it needs.
public final class TestRelay: Sendable {
    /// Where app servers connect, devices on another port; the certificate is valid for it, for
    /// `localhost` and for Google's names.
    public var host: String { service.ports.host }
    /// The port for app servers: TLS from the first byte.
    public var port: Int { service.ports.xmpp }
    /// Another port for app servers, as the real service had for tests; the queues are the same.
    public var preprodPort: Int { service.ports.preprod }
    /// The port for devices.
    public var devicePort: Int { service.ports.device }
    /// PEM file with the CA that signed the relay's certificate; it is gone after the test.
    public var authorityFile: String { service.authorityFile }
    /// The one project that may log in.
    public let senderID: String
    /// Its password.
    public let apiKey: String
    /// The variables that `gcm-relay exec` gives to its command, but for that of the admin API,
    /// which this relay has not: where the relay is, who may log in, and how clients in other
    /// languages trust it.
    public let environment: [String: String]

    let service: RelayService
    /// Nil: the relay has ended.
    private let phones = Mutex<[TestPhone]?>([])

    private init(
        _ service: RelayService, _ settings: Settings, trust: [(name: String, value: String)]
    ) {
        self.service = service
        senderID = settings.senderID
        apiKey = settings.apiKey
        let own = [
            ("GCM_RELAY_HOST", service.ports.host),
            ("GCM_RELAY_PORT", "\(service.ports.xmpp)"),
            ("GCM_RELAY_DEVICE_PORT", "\(service.ports.device)"),
            ("GCM_RELAY_CA_FILE", service.authorityFile),
            ("GCM_RELAY_SENDER_ID", settings.senderID),
            ("GCM_RELAY_API_KEY", settings.apiKey),
        ]
        environment = Dictionary(uniqueKeysWithValues: own + trust.map { ($0.name, $0.value) })
    }

    // MARK: Life

    /// Starts a relay, does the work, and ends the relay with all its phones.
    ///
    /// - Parameter work: may use the relay until it returns or throws.
    /// - Throws: ``TestRelayError`` when the relay cannot be started, or what `work` throws.
    public static func run<Result>(
        _ settings: Settings = Settings(), _ work: (TestRelay) async throws -> Result
    ) async throws -> Result {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "gcm-test-relay-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: directory) }
        let relay = try await start(settings, in: directory.path)
        do {
            let result = try await work(relay)
            try await relay.end()
            return result
        } catch {
            try? await relay.end()
            throw error
        }
    }

    private static func start(
        _ settings: Settings, in directory: String
    ) async throws(TestRelayError) -> TestRelay {
        let configuration = try settings.configuration(in: directory)
        do {
            let trust = try trustVariables(directory)
            let service = try await RelayService(configuration, logger: settings.logger)
            return TestRelay(service, settings, trust: trust)
        } catch {
            throw TestRelayError("the relay cannot be started: \(error)")
        }
    }

    /// By which clients in other languages trust the relay.
    private static func trustVariables(
        _ directory: String
    ) throws(TrustError) -> [(name: String, value: String)] {
        let now = Int64(Date().timeIntervalSince1970)
        let authority = try LocalAuthority(directory: directory, now: now)
        return try ClientTrust(of: authority, now: now).environment(
            javaToolOptions: ProcessInfo.processInfo.environment["JAVA_TOOL_OPTIONS"])
    }

    private func end() async throws {
        let phones = phones.withLock { phones in
            defer { phones = nil }
            return phones ?? []
        }
        for phone in phones { await phone.close() }
        try await service.shutdown()
    }

    // MARK: Who takes part

    /// A phone with one app, online and registered; it ends with the relay.
    ///
    /// - Parameter app: the app server finds it as `category`.
    /// - Throws: ``TestRelayError`` when the relay has ended, `GoogleCloudMessagingError` for an app
    ///   that has no name.
    public func phone(app: String = "com.example.app") async throws -> TestPhone {
        guard phones.withLock({ $0 != nil }) else { throw Self.hasEnded }
        let phone = try await TestPhone(app, at: self)
        let isKept = phones.withLock { phones in
            phones?.append(phone)
            return phones != nil
        }
        guard isKept else {
            await phone.close()
            throw Self.hasEnded
        }
        return phone
    }

    private static let hasEnded = TestRelayError(
        "the relay has ended: use it within TestRelay.run only")

    /// What a `GCMAppServer` needs to log in.
    public var appServerConfiguration: GCMAppServer.Configuration {
        GCMAppServer.Configuration(
            host: host, port: port, trustedCAFile: authorityFile, senderID: senderID,
            apiKey: apiKey)
    }

    /// What a `GCMDevice` needs to connect, for more than ``phone(app:)`` does.
    public var deviceConfiguration: GCMDeviceConfiguration {
        GCMDeviceConfiguration(
            relayHost: host, relayPort: devicePort, trustedCAFile: authorityFile)
    }
}
