import CloudMessaging
import Foundation
import GCMAppServer
import GCMDevice
import Logging
import NetworkRuntime
import Nodes
import RelayMachine
import RelayService
import TLSEngine

/// A relay as it is deployed, on free ports of this machine, and whoever talks to it; everything in
/// a directory of its own that goes with it.
final class Town {
    static let sender = "555000111222"
    static let address = "555000111222@gcm.googleapis.com"
    static let key = "demo-key"
    static let app = "com.example.pigeon"

    let directory: URL
    private let configuration: RelayConfiguration
    private var relay: RelayService
    private var isRelayUp = true
    /// Ends what talks to the relay, in the order of its beginning.
    private var endings: [() async throws -> Void] = []

    fileprivate init(_ change: (inout RelayConfiguration) -> Void) async throws {
        directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("acceptance-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        var configuration = RelayConfiguration(
            store: .file(directory.appendingPathComponent("relay.db").path),
            trustDirectory: directory.appendingPathComponent("trust").path, seed: 7)
        configuration.port = 0
        configuration.preprodPort = 0
        configuration.devicePort = 0
        // Hundreds of other tests may want the processors first.
        configuration.node.loginTimeout = .seconds(120)
        if let sender = SenderID(Self.sender) {
            configuration.node.machine.projects = [sender: Self.key]
        }
        configuration.node.machine.drainGrace = .milliseconds(20)
        change(&configuration)
        self.configuration = configuration
        relay = try await Self.begin(configuration)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    private static func begin(_ configuration: RelayConfiguration) async throws -> RelayService {
        try await RelayService(
            configuration, logger: Logger(label: "relay") { _ in SwiftLogNoOpLogHandler() })
    }

    // MARK: The relay

    var ports: RelayService.Ports { relay.ports }
    var trustedCAFile: String { relay.authorityFile }

    /// What the relay counted in this life.
    var counters: RelayCounters {
        get async throws { try await relay.status().counters }
    }

    func stopRelay() async throws {
        isRelayUp = false
        try await relay.shutdown()
    }

    /// Begins the relay's next life on the same store; the ports are new ones.
    func startRelay() async throws {
        relay = try await Self.begin(configuration)
        isRelayUp = true
    }

    /// What a server needs that the relay's clients are to trust.
    func serverTLS() throws -> TLSContext {
        let now = Int64(Date().timeIntervalSince1970)
        let authority = try LocalAuthority(directory: configuration.trustDirectory, now: now)
        return try TLSContext(server: authority.serverIdentity(now: now))
    }

    // MARK: Who talks to it

    /// A device; with the same name, the next life of the same device.
    ///
    /// - Parameter port: where it connects to; nil: the relay.
    func device(
        _ name: String = "phone", platform: GCMDeviceConfiguration.Platform = .android,
        port: Int? = nil, _ change: (inout GCMDeviceConfiguration) -> Void = { _ in }
    ) async throws -> GCMDevice {
        var configuration = GCMDeviceConfiguration(
            platform: platform, relayHost: "127.0.0.1", relayPort: port ?? ports.device,
            trustedCAFile: trustedCAFile,
            stateFile: directory.appendingPathComponent("\(name).db").path)
        configuration.sentBatch = 1
        configuration.firstReconnectDelay = .milliseconds(20)
        configuration.seed = 11
        change(&configuration)
        let device = try await GCMDevice.open(configuration)
        endings.append { await device.close() }
        return device
    }

    func androidPhone(
        port: Int? = nil, _ change: (inout GCMDeviceConfiguration) -> Void = { _ in }
    ) async throws -> AndroidPhone {
        try AndroidPhone(await device(port: port, change))
    }

    func iPhone(port: Int? = nil) async throws -> IPhone {
        try IPhone(await device(platform: .ios, port: port))
    }

    /// A way to the relay that can be cut.
    func deviceLink() async throws -> DeviceLink {
        let link = try await DeviceLink(relayPort: ports.device)
        endings.append { try await link.close() }
        return link
    }

    /// An app server of the one project, logged in.
    ///
    /// - Parameter port: where it connects to; nil: the relay's production port.
    func appServer(
        port: Int? = nil, acknowledgement: GCMAppServer.Acknowledgement = .always
    ) async throws -> TestAppServer {
        let server = try appServerNotLoggedIn(port: port, acknowledgement: acknowledgement)
        try await server.untilConnected()
        return server
    }

    func appServerNotLoggedIn(
        port: Int?, acknowledgement: GCMAppServer.Acknowledgement
    ) throws -> TestAppServer {
        var configuration = GCMAppServer.Configuration(
            host: "127.0.0.1", port: port ?? ports.xmpp, trustedCAFile: trustedCAFile,
            senderID: Self.sender, apiKey: Self.key)
        configuration.acknowledgement = acknowledgement
        configuration.firstReconnectDelay = .milliseconds(20)
        let server = try TestAppServer(configuration)
        endings.append { try await server.stop() }
        return server
    }

    /// A TLS connection on which the test itself speaks XMPP.
    func wire(to port: Int) async throws -> Wire {
        let wire = try await Wire.connect(port: port, trusting: trustedCAFile)
        endings.append { try await wire.close() }
        return wire
    }

    /// A TLS server for one connection on which the test itself plays the relay, and its port.
    func wireServer() async throws -> (Wire, port: Int) {
        let (wire, port) = try await Wire.accept(tls: serverTLS())
        endings.append { try await wire.close() }
        return (wire, port)
    }

    func atTheEnd(_ ending: @escaping () async throws -> Void) {
        endings.append(ending)
    }

    fileprivate func close() async throws {
        for ending in endings.reversed() { try await ending() }
        if isRelayUp { try await stopRelay() }
    }
}

/// Runs a test in a town of its own, and ends everybody who lives there.
func withTown(
    _ change: (inout RelayConfiguration) -> Void = { _ in },
    _ body: (Town) async throws -> Void
) async throws {
    let town = try await Town(change)
    do {
        try await body(town)
    } catch {
        try? await town.close()
        throw error
    }
    try await town.close()
}
