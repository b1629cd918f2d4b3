import CloudMessaging
import DeviceMachine
import MessageStore
import NetworkRuntime
import Nodes
import RealPrograms
import TLSEngine

/// A phone with one app, over real TLS.
final class LivePhone: Sendable {
    private static let app = Category("com.example.courier")!

    private let runtime: DeviceRuntime
    private let events = Watched<[DeviceEvent]>([])

    /// Goes online, and returns once its app has a token.
    ///
    /// - Parameter onNews: told of each thing that happens to it.
    init(
        relay: RelayAddress, tls: TLSContext, onNews: @escaping @Sendable () -> Void
    ) async throws {
        let outbox = InMemoryOutbox()
        var settings = DeviceSettings()
        settings.sentBatch = 1
        let events = events
        runtime = try await DeviceRuntime(
            settings: settings, relay: relay, tls: tls, outbox: outbox, snapshot: outbox.open(),
            seed: 2
        ) { event in
            events.change { $0.append(event) }
            onNews()
        }
        _ = try await runtime.register(Self.app, senders: [LivePlay.sender])
        try await runtime.goOnline()
        _ = try await token
    }

    var token: String {
        get async throws {
            try await events.first(within: LivePlay.patience) { events in
                for case .registered(let registration) in events { return registration.token.text }
                return nil
            }
        }
    }

    /// Sends messages, and returns when the relay has them.
    func send(_ ids: String...) async throws {
        for id in ids {
            let refusal = try await runtime.send(
                SendRequest(
                    category: Self.app, to: "\(LivePlay.sender)@gcm.googleapis.com", id: id,
                    data: .empty))
            if let refusal { throw refusal }
        }
        try await events.first(within: LivePlay.patience) { events in
            let told = events.reduce(0) { count, event in
                if case .sent(let messages) = event { count + messages.count } else { count }
            }
            return told >= ids.count ? () : nil
        }
    }

    /// The IDs of the messages that came.
    var received: [String] {
        events.value.compactMap { event in
            if case .received(let message) = event { message.id.text } else { nil }
        }
    }

    func goOffline() async throws { try await runtime.goOffline() }
    func goOnline() async throws { try await runtime.goOnline() }
    func shutDown() async throws { try await runtime.shutDown() }
}
