import Admin
import CloudMessaging
import Foundation
import GCMAppServer
import GCMDevice
import Logging
import NetworkRuntime
import Nodes
import RealPrograms
import RelayMachine
import RelayService
import Testing

/// A relay with its HTTP side, a phone and an app server, all on free ports of this machine.
final class Office: Sendable {
    static let sender = "555000111222"
    static let app = "com.example.pigeon"

    let relay: RelayService
    let port: Int
    private let directory: URL

    private init(_ relay: RelayService, port: Int, directory: URL) {
        self.relay = relay
        self.port = port
        self.directory = directory
    }

    /// Opens an office for a test and closes it.
    static func open(
        _ change: (inout RelayConfiguration) -> Void = { _ in },
        stop: (@Sendable () -> Void)? = nil,
        _ test: (Office) async throws -> Void
    ) async throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("office-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        var configuration = RelayConfiguration(
            store: .memory, trustDirectory: directory.appendingPathComponent("trust").path, seed: 7)
        configuration.port = 0
        configuration.preprodPort = 0
        configuration.devicePort = 0
        // Hundreds of other tests may want the processors first.
        configuration.node.loginTimeout = .seconds(120)
        configuration.node.machine.drainGrace = .milliseconds(20)
        configuration.node.machine.retry.first = .milliseconds(60)
        configuration.node.machine.retry.jitter = 0
        change(&configuration)
        let logger = Logger(label: "relay") { _ in SwiftLogNoOpLogHandler() }
        let relay = try await RelayService(configuration, logger: logger)
        let (ports, portKnown) = AsyncStream.makeStream(of: Int.self)
        let admin = AdminServer(
            AdminContext(relay: relay, version: "9.9.9", stop: stop), address: .host("127.0.0.1"),
            port: 0, allowedHosts: [], logger: logger
        ) { portKnown.yield($0) }
        let serving = Task { try await admin.run() }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        do {
            try await test(Office(relay, port: port, directory: directory))
        } catch {
            serving.cancel()
            try await relay.shutdown()
            throw error
        }
        serving.cancel()
        try? await serving.value
        try await relay.shutdown()
    }

    // MARK: HTTP

    typealias Answer = LocalHTTP.Answer

    func get(_ path: String) async throws -> Answer { try await send("GET", path) }

    func send(
        _ method: String, _ path: String, _ body: String = "", headers: [String: String] = [:]
    ) async throws -> Answer {
        try await LocalHTTP.ask(method, path, body: body, headers: headers, port: port)
    }

    /// Waits until so many messages or events match.
    @discardableResult
    func wait(_ match: String, count: Int = 1) async throws -> Answer {
        let body = try JSONSerialization.data(
            withJSONObject: ["match": match, "count": count, "timeout": "5s"])
        let answer = try await send(
            "POST", "/v1/messages/wait", String(decoding: body, as: UTF8.self))
        #expect(answer.status == 200, "\(answer.body)")
        return answer
    }

    // MARK: The others

    /// A phone whose app sends messages, and is told that the relay has them.
    func send(messages ids: [String], data: GCMBundle = ["parcel": "17"]) async throws {
        var configuration = GCMDeviceConfiguration(
            relayHost: "127.0.0.1", relayPort: relay.ports.device,
            trustedCAFile: relay.authorityFile,
            stateFile: directory.appendingPathComponent("phone.db").path)
        configuration.sentDelay = .milliseconds(1)
        let device = try await GCMDevice.open(configuration)
        device.connect()
        let gcm = try GoogleCloudMessaging(
            device: device, packageName: Self.app, listener: Silence())
        for id in ids {
            try await gcm.send(
                to: "\(Self.sender)@gcm.googleapis.com", messageID: id, data: data)
        }
        try await wait("event=message.state and state=queued", count: ids.count)
        await device.close()
    }

    private final class Silence: GCMListener {}

    /// An app server while a test needs it, connected.
    func withAppServer(
        _ acknowledgement: GCMAppServer.Acknowledgement, _ test: () async throws -> Void
    ) async throws {
        var configuration = GCMAppServer.Configuration(
            host: "127.0.0.1", port: relay.ports.xmpp, trustedCAFile: relay.authorityFile,
            senderID: Self.sender, apiKey: "demo-key")
        configuration.acknowledgement = acknowledgement
        configuration.firstReconnectDelay = .milliseconds(20)
        let server = try GCMAppServer(configuration)
        async let running: Void = server.run()
        do {
            try await wait("event=connection.bound and sender_id=\(Self.sender)")
            try await test()
        } catch {
            server.stop()
            try await running
            throw error
        }
        server.stop()
        try await running
    }
}

extension LocalHTTP.Answer {
    /// The body as JSON.
    var json: [String: Any] {
        get throws {
            try #require(
                JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any], "\(body)")
        }
    }

    func list(_ name: String) throws -> [[String: Any]] {
        try #require(json[name] as? [[String: Any]], "\(body)")
    }

    var error: [String: String] {
        get throws { try #require(json["error"] as? [String: String], "\(body)") }
    }
}
