import GCMAppServer

/// A running app server, and what happened to it.
struct TestAppServer {
    let server: GCMAppServer
    private let events = Diary<GCMAppServer.Event>()
    private let running: Task<Void, any Error>
    private let noting: Task<Void, Never>

    init(_ configuration: GCMAppServer.Configuration) throws {
        let server = try GCMAppServer(configuration)
        self.server = server
        running = Task { try await server.run() }
        noting = Task { [events] in
            for await event in server.events { events.write(event) }
        }
    }

    /// The messages that came so far, each delivery on its own.
    var received: [GCMAppServer.UpstreamMessage] { events.entries.compactMap(\.message) }

    func untilConnected() async throws {
        try await events.wait(for: "login") { events in
            events.contains { if case .connected = $0 { true } else { false } }
        }
    }

    /// Waits until so many deliveries have come in all; returns them.
    @discardableResult
    func receive(_ count: Int) async throws -> [GCMAppServer.UpstreamMessage] {
        try await events.wait(for: "delivery number \(count)") { events in
            events.count { $0.message != nil } >= count
        }.compactMap(\.message)
    }

    /// Ends it; every ACK has then reached the relay.
    func stop() async throws {
        server.stop()
        try await running.value
        await noting.value
    }
}

extension GCMAppServer.Event {
    fileprivate var message: GCMAppServer.UpstreamMessage? {
        if case .message(let message) = self { message } else { nil }
    }
}

extension GCMAppServer.UpstreamMessage {
    /// The key/value pairs as the bytes they are: Swift's `==` takes different bytes for equal.
    var pairBytes: [[[UInt8]]] { data.pairs.map { [Array($0.key.utf8), Array($0.value.utf8)] } }
}
