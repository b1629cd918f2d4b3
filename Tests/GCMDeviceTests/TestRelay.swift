import AppServerMachine
import CloudMessaging
import Logging
import MessageStore
import NetworkRuntime
import Nodes
import TLSEngine

@testable import GCMDevice

/// A relay on free ports in this process, with an app server that ACKs everything.
final class TestRelay: Sendable {
    /// A delivery as the app server sees it.
    struct Delivery: Sendable {
        let id: String
        let from: String
        let category: String?
        let data: DataPayload
    }

    static let sender = "555000111222"
    static let address = "555000111222@gcm.googleapis.com"

    let devicePort: Int
    let deliveries = Diary<Delivery>()
    private let relay: RelayRuntime
    private let appServer: AppServerRuntime

    init(
        _ trust: TestTrust, store: InMemoryStore = InMemoryStore(), devicePort: Int = 0,
        tls: TLSContext? = nil
    ) async throws {
        let snapshot = try store.open()
        var settings = RelayNodeSettings(seed: 7)
        // Hundreds of other tests may want the processors first.
        settings.loginTimeout = .seconds(120)
        relay = try await RelayRuntime(
            settings: settings, store: store, snapshot: snapshot,
            tls: tls ?? trust.server(),
            logger: Logger(label: "relay") { _ in SwiftLogNoOpLogHandler() })
        self.devicePort = try await relay.listen(.devices, on: .host("127.0.0.1"), port: devicePort)
        let port = try await relay.listen(.appServers, on: .host("127.0.0.1"), port: 0)
        guard let sender = SenderID(Self.sender) else { preconditionFailure("a valid sender ID") }
        let deliveries = deliveries
        appServer = try await AppServerRuntime(
            settings: AppServerSettings(),
            login: AppServerLogin(
                relay: RelayAddress(host: "127.0.0.1", port: port), sender: sender, key: "key"),
            tls: TLSContext(clientTrusting: trust.caFile), seed: 7
        ) { events in
            for case .upstream(let message, _, _) in events {
                deliveries.write(
                    Delivery(
                        id: message.pair.id.text, from: message.pair.token.text,
                        category: message.category, data: message.data))
            }
        }
    }

    /// Ends both; the store may serve the next relay.
    func stop() async throws {
        try await appServer.stop()
        try await relay.shutdown()
    }

    func configuration(
        _ trust: TestTrust, platform: GCMDeviceConfiguration.Platform = .android,
        stateFile: String? = nil
    ) -> GCMDeviceConfiguration {
        var configuration = GCMDeviceConfiguration(
            platform: platform, relayHost: "127.0.0.1", relayPort: devicePort,
            trustedCAFile: trust.caFile, stateFile: stateFile)
        configuration.sentDelay = .milliseconds(20)
        configuration.seed = 11
        return configuration
    }
}
