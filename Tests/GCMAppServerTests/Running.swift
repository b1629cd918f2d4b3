import CloudMessaging
import GCMAppServer

/// Runs an app server as long as `body` takes, and closes it cleanly: every ACK has then reached
/// the relay.
func withServer<Answer>(
    _ configuration: GCMAppServer.Configuration,
    _ body: (GCMAppServer) async throws -> Answer
) async throws -> Answer {
    let server = try GCMAppServer(configuration)
    let running = Task { try await server.run() }
    let answer: Answer
    do {
        answer = try await body(server)
    } catch {
        server.stop()
        _ = await running.result
        throw error
    }
    server.stop()
    try await running.value
    return answer
}

extension GCMAppServer {
    /// The next messages, so many.
    func receive(_ count: Int) async -> [UpstreamMessage] {
        var received: [UpstreamMessage] = []
        for await message in messages {
            received.append(message)
            if received.count == count { break }
        }
        return received
    }

    /// The next events up to the first that fits, that one included.
    func events(until isLast: (Event) -> Bool) async -> [Event] {
        var passed: [Event] = []
        for await event in events {
            passed.append(event)
            if isLast(event) { break }
        }
        return passed
    }

    /// Waits for so many connections to be bound.
    func untilConnected(_ count: Int = 1) async {
        var connected = 0
        _ = await events { event in
            if case .connected = event { connected += 1 }
            return connected == count
        }
    }
}

extension GCMAppServer.Event {
    /// A few words, for tests that compare what happened in order.
    var summary: String {
        switch self {
        case .connected(let connection): "connected \(connection)"
        case .connectionFailed(let connection, _, _): "failed \(connection)"
        case .loginRefused: "login refused"
        case .draining(let connection): "draining \(connection)"
        case .disconnected(let connection, let reason): "disconnected \(connection): \(reason)"
        case .message(let message):
            "message \(message.messageID) on \(message.connection), attempt \(message.attempt)"
        case .acknowledged(_, let id, let distinct): "ACKed \(id), \(distinct) in all"
        case .skipped(_, let id): "skipped \(id)"
        case .receipt(let receipt): "receipt for \(receipt.messageID)"
        case .rejected(_, let error, _): "rejected: \(error)"
        }
    }

    var isAcknowledgement: Bool {
        if case .acknowledged = self { true } else { false }
    }

    var message: GCMAppServer.UpstreamMessage? {
        if case .message(let message) = self { message } else { nil }
    }
}

extension RetrySchedule {
    /// Short enough for a test.
    static func quick(_ first: Duration = .milliseconds(20)) -> RetrySchedule {
        RetrySchedule(first: first, factor: 1, longest: first, jitter: 0)
    }
}
