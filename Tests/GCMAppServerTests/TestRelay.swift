import CloudMessaging
import DeviceMachine
import Foundation
import GCMAppServer
import Journal
import Logging
import MessageStore
import NetworkRuntime
import Nodes
import RealPrograms
import RelayMachine
import TLSEngine
import Testing

/// A relay on a free port of this machine, with a certificate authority of its own.
///
/// Its store outlives it: `restart()` begins the relay's next life on the same port.
final class TestRelay {
    static let sender = SenderID("555000111222")!
    static let key = "demo-key"

    private let directory: URL
    private let identity: ServerIdentity
    private let store = InMemoryStore()
    private let settings: RelaySettings
    private var runtime: RelayRuntime
    private(set) var port: Int
    private(set) var devicePort: Int

    /// The file that app servers trust.
    let trustedCAFile: String

    /// - Parameters:
    ///   - certifiedNames: what the certificate is for; nil: this machine.
    ///   - change: sets what is to differ from the default.
    init(
        certifiedNames: [String]? = nil, _ change: (inout RelaySettings) -> Void = { _ in }
    ) async throws {
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("app-server-\(UUID().uuidString)")
        let now = Int64(Date().timeIntervalSince1970)
        let authority = try LocalAuthority(directory: directory.path, now: now)
        identity =
            if let certifiedNames {
                try authority.authority.issue(
                    names: certifiedNames.map { try #require(ServerName($0)) }, validFrom: now - 60,
                    validUntil: now + 3_600)
            } else {
                try authority.serverIdentity(now: now)
            }
        trustedCAFile = authority.certificateFile
        var settings = RelaySettings()
        settings.projects = [Self.sender: Self.key]
        change(&settings)
        self.settings = settings
        (runtime, port, devicePort) = try await Self.begin(
            settings, store: store, identity: identity, port: LastingPort.pick(),
            devicePort: LastingPort.pick())
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    private static func begin(
        _ machine: RelaySettings, store: InMemoryStore, identity: ServerIdentity, port: Int,
        devicePort: Int
    ) async throws -> (RelayRuntime, Int, Int) {
        var settings = RelayNodeSettings(seed: 7)
        settings.machine = machine
        // Hundreds of other tests may want the processors first.
        settings.loginTimeout = .seconds(120)
        let runtime = try await RelayRuntime(
            settings: settings, store: store, snapshot: store.open(),
            tls: TLSContext(server: identity),
            logger: Logger(label: "relay") { _ in SwiftLogNoOpLogHandler() },
            journalLimit: 1_000)
        return (
            runtime,
            try await runtime.listen(.appServers, on: .host("127.0.0.1"), port: port),
            try await runtime.listen(.devices, on: .host("127.0.0.1"), port: devicePort)
        )
    }

    // MARK: Orders

    func drainAll() async throws { try await runtime.drainAll() }

    /// Drains the first connection that was bound.
    func drainFirst() async throws { try await runtime.drain(ConnectionID(1)) }

    func shutdown() async throws { try await runtime.shutdown() }

    /// Begins the next life, after `shutdown()`.
    func restart() async throws {
        (runtime, port, devicePort) = try await Self.begin(
            settings, store: store, identity: identity, port: port, devicePort: devicePort)
    }

    // MARK: What is known

    var counters: RelayCounters {
        get async throws { try await runtime.status().counters }
    }

    /// What is in the relay's journal.
    var events: [JournalEvent] {
        get async throws { try await runtime.journal { $0.events().events } ?? [] }
    }

    var connections: Int {
        get async throws { try await runtime.status().connections }
    }

    // MARK: Around it

    /// What an app server of the relay's one project needs to log in.
    func configuration(
        _ acknowledgement: GCMAppServer.Acknowledgement = .byApplication
    ) -> GCMAppServer.Configuration {
        var configuration = GCMAppServer.Configuration(
            host: "127.0.0.1", port: port, trustedCAFile: trustedCAFile,
            senderID: Self.sender.text, apiKey: Self.key)
        configuration.acknowledgement = acknowledgement
        configuration.firstReconnectDelay = .milliseconds(20)
        return configuration
    }

    /// A device with one app, online.
    func device() async throws -> TestDevice {
        try await TestDevice(port: devicePort, trustedCAFile: trustedCAFile)
    }
}
