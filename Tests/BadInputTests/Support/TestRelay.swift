import CloudMessaging
import Foundation
import GCMAppServer
import Logging
import NIOCore
import NIOPosix
import NetworkRuntime
import Nodes
import RealPrograms
import RelayMachine
import RelayService
import Testing

/// A whole relay on free ports with its store in a file, and its log in a diary.
final class TestRelay: Sendable {
    static let sender = SenderID("555000111222")!
    static let key = "AIzaSyD-one-key-of-thirty-nine-letters_"

    let log = Diary<LogLine>()
    let directory: TemporaryDirectory
    private let service: RelayService

    var ports: RelayService.Ports { service.ports }
    var trustedCAFile: String { service.authorityFile }

    /// - Parameter change: sets what is to differ from the default.
    init(_ change: (inout RelayConfiguration) -> Void = { _ in }) async throws {
        directory = try TemporaryDirectory()
        var configuration = Self.configuration(directory)
        change(&configuration)
        service = try await RelayService(configuration, logger: Self.logger(log))
    }

    static func configuration(_ directory: TemporaryDirectory) -> RelayConfiguration {
        var configuration = RelayConfiguration(
            store: .file(directory.file("relay.db")), trustDirectory: directory.path, seed: 7)
        configuration.bind = .host("127.0.0.1")
        configuration.port = 0
        configuration.preprodPort = 0
        configuration.devicePort = 0
        // Hundreds of other tests may want the processors first.
        configuration.node.loginTimeout = .seconds(120)
        configuration.node.machine.projects = [sender: key]
        return configuration
    }

    static func logger(_ diary: Diary<LogLine>) -> Logger {
        Logger(label: "relay") { _ in LogDiary(diary) }
    }

    // MARK: Peers

    /// A peer of ours on the app-server port, its handshake done.
    func appServerClient() async throws -> RawClient {
        try await RawClient(port: ports.xmpp, trusting: trustedCAFile)
    }

    /// A peer of ours on the device port, its handshake done.
    func deviceClient() async throws -> RawClient {
        try await RawClient(port: ports.device, trusting: trustedCAFile)
    }

    func device() async throws -> TestDevice {
        try await TestDevice(port: ports.device, trustedCAFile: trustedCAFile)
    }

    // MARK: What is known

    var status: RelayStatus {
        get async throws { try await service.status() }
    }

    /// Waits for a sentence in the log, and gives its line.
    @discardableResult
    func logged(_ sentence: String) async throws -> LogLine {
        let lines = try await log.wait(for: "\"\(sentence)\" in the log") {
            $0.contains { $0.message.contains(sentence) }
        }
        return try #require(lines.first { $0.message.contains(sentence) })
    }

    func shutdown() async throws { try await service.shutdown() }
}

/// Runs something bad between two good messages, and proves that both arrive and are settled.
///
/// The first message waits in the relay while the bad peer is there, so that one which logs in as
/// the app server carries it off, and the relay must give it out again.
func losesNothing(
    _ change: (inout RelayConfiguration) -> Void = { _ in },
    sourceLocation: SourceLocation = #_sourceLocation,
    _ bad: (TestRelay) async throws -> Void
) async throws {
    let relay = try await TestRelay(change)
    let device = try await relay.device()
    try await device.send(id: "before")
    do {
        try await bad(relay)
    } catch {
        Issue.record(error, sourceLocation: sourceLocation)
    }
    try await device.send(id: "after")
    let received = try await receiveAll(
        2, port: relay.ports.xmpp, trustedCAFile: relay.trustedCAFile)
    #expect(received.sorted() == ["after", "before"], sourceLocation: sourceLocation)
    let status = try await relay.status
    #expect(status.counters.settled == 2, sourceLocation: sourceLocation)
    #expect(status.counters.live == 0, sourceLocation: sourceLocation)
    #expect(status.storeFailure == nil, sourceLocation: sourceLocation)
    try await device.shutDown()
    try await relay.shutdown()
    for line in relay.log.entries {
        for text in [line.message] + Array(line.fields.values) {
            #expect(!text.contains(TestRelay.key), "an API key in the log: \(line)")
            #expect(text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control })
        }
    }
}

/// Lets a good app server in until it has ACKed so many messages, and gives their IDs.
func receiveAll(_ count: Int, port: Int, trustedCAFile: String) async throws -> [String] {
    var configuration = GCMAppServer.Configuration(
        host: "127.0.0.1", port: port, trustedCAFile: trustedCAFile,
        senderID: TestRelay.sender.text, apiKey: TestRelay.key)
    configuration.acknowledgement = .always
    let server = try GCMAppServer(configuration)
    let running = Task { try await server.run() }
    // A limit of time, so that a lost message fails the test instead of stopping it.
    let alarm = MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: Limit.answer) {
        server.stop()
    }
    var ids: [String] = []
    for await event in server.events {
        if case .acknowledged(_, let id, _) = event { ids.append(id) }
        if ids.count == count { break }
    }
    alarm.cancel()
    // Closing cleanly: every ACK has then reached the relay.
    server.stop()
    try await running.value
    return ids
}
