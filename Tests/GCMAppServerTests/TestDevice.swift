import CloudMessaging
import DeviceMachine
import MessageStore
import NetworkRuntime
import Nodes
import TLSEngine

/// A device whose one app sends to the test relay's one project.
struct TestDevice {
    static let app = Category("com.example.courier")!

    private let runtime: DeviceRuntime
    private let events: AsyncStream<DeviceEvent>
    private let told: AsyncStream<DeviceEvent>.Continuation

    init(port: Int, trustedCAFile: String) async throws {
        let (events, told) = AsyncStream.makeStream(of: DeviceEvent.self)
        self.events = events
        self.told = told
        let outbox = InMemoryOutbox()
        var settings = DeviceSettings(pendingLimit: nil)
        settings.sentBatch = 1
        settings.reconnect = RetrySchedule(
            first: .milliseconds(20), factor: 1, longest: .milliseconds(20), jitter: 0)
        runtime = try await DeviceRuntime(
            settings: settings, relay: RelayAddress(host: "127.0.0.1", port: port),
            tls: TLSContext(clientTrusting: trustedCAFile), outbox: outbox,
            snapshot: outbox.open(), seed: 7
        ) { told.yield($0) }
        _ = try await runtime.register(Self.app, senders: [TestRelay.sender])
        try await runtime.goOnline()
    }

    /// Hands messages to the relay; returns when it has them all.
    func send(_ messages: [(id: String, data: [(key: String, value: String)])]) async throws {
        for message in messages {
            let error = try await runtime.send(
                SendRequest(
                    category: Self.app, to: "\(TestRelay.sender)@gcm.googleapis.com",
                    id: message.id, data: DataPayload(message.data)))
            if let error { throw Refused(error: error) }
        }
        var sent = 0
        for await event in events {
            if case .sent(let references) = event { sent += references.count }
            if case .sendError(_, let error) = event { throw Refused(error: error) }
            if sent == messages.count { break }
        }
    }

    /// The same, with IDs and one pair each.
    func send(ids: some Sequence<String>) async throws {
        try await send(ids.map { (id: $0, data: [("id", $0)]) })
    }

    func shutDown() async throws {
        try await runtime.shutDown()
        told.finish()
    }

    struct Refused: Error {
        let error: UpstreamError
    }
}
