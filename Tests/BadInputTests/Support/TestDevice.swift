import CloudMessaging
import DeviceMachine
import MessageStore
import NetworkRuntime
import Nodes
import TLSEngine

/// A well-behaved device whose one app sends to the relay's one project.
final class TestDevice: Sendable {
    static let app = Category("com.example.courier")!

    let events = Diary<DeviceEvent>()
    private let runtime: DeviceRuntime

    init(port: Int, trustedCAFile: String, seed: UInt64 = 7) async throws {
        let outbox = InMemoryOutbox()
        var settings = DeviceSettings(pendingLimit: nil)
        settings.sentBatch = 1
        settings.reconnect = RetrySchedule(
            first: .milliseconds(20), factor: 1, longest: .milliseconds(20), jitter: 0)
        let events = events
        runtime = try await DeviceRuntime(
            settings: settings, relay: RelayAddress(host: "127.0.0.1", port: port),
            tls: TLSContext(clientTrusting: trustedCAFile), outbox: outbox,
            snapshot: outbox.open(), seed: seed
        ) { events.write($0) }
        _ = try await runtime.register(Self.app, senders: [TestRelay.sender])
        try await runtime.goOnline()
    }

    /// Hands a message to the library; it is on its way when this returns.
    func begin(id: String, text: String = "value") async throws {
        let error = try await runtime.send(
            SendRequest(
                category: Self.app, to: "\(TestRelay.sender)@gcm.googleapis.com", id: id,
                data: DataPayload([(key: "key", value: text)])))
        if let error { throw Refused(error: error) }
    }

    /// Sends a message, and returns when the relay has it.
    func send(id: String) async throws {
        let count = told + 1
        try await begin(id: id)
        try await events.wait(for: "\(id) told sent") { Self.told($0) >= count }
    }

    /// The token of its app, once it is registered.
    func token() async throws -> String {
        let events = try await events.wait(for: "the registration") {
            $0.contains { if case .registered = $0 { true } else { false } }
        }
        for case .registered(let registration) in events { return registration.token.text }
        throw Refused(error: .invalidParameters)
    }

    /// The IDs of the messages that came down.
    static func received(_ events: [DeviceEvent]) -> [String] {
        events.compactMap { if case .received(let message) = $0 { message.id.text } else { nil } }
    }

    /// How many messages were told sent.
    var told: Int { Self.told(events.entries) }

    static func told(_ events: [DeviceEvent]) -> Int {
        events.reduce(0) { count, event in
            if case .sent(let references) = event { count + references.count } else { count }
        }
    }

    var hasErrors: Bool {
        events.entries.contains { if case .sendError = $0 { true } else { false } }
    }

    func shutDown() async throws { try await runtime.shutDown() }

    struct Refused: Error {
        let error: UpstreamError
    }
}
