import AppServerMachine
import CloudMessaging

/// An app server in a conversation: each event answers with the actions that it caused.
final class TestServer {
    var machine: AppServerMachine

    /// Jitter is off unless a test is about it.
    init(seed: UInt64 = 1, _ configure: (inout AppServerSettings) -> Void = { _ in }) {
        var settings = AppServerSettings()
        settings.reconnect.jitter = 0
        configure(&settings)
        machine = AppServerMachine(settings: settings, entropy: Entropy(seed: seed))
    }

    /// One that is bound on connections 1 … N since second 0.
    static func bound(_ configure: (inout AppServerSettings) -> Void = { _ in }) -> TestServer {
        let server = TestServer(configure)
        _ = server.start(at: 0)
        for number in 1...server.machine.settings.connections {
            _ = server.connected(AppServerConnectionID(number), at: 0)
        }
        return server
    }

    var counters: AppServerCounters { machine.counters }
    var nextDeadline: Instant { machine.nextDeadline }

    func start(at now: Instant) -> [AppServerAction] {
        machine.start(now: now)
        return machine.takeActions()
    }

    func stop(at now: Instant) -> [AppServerAction] {
        machine.stop(now: now)
        return machine.takeActions()
    }

    func connected(_ id: AppServerConnectionID, at now: Instant) -> [AppServerAction] {
        machine.connected(id, now: now)
        return machine.takeActions()
    }

    func failed(
        _ id: AppServerConnectionID, _ failure: ConnectionFailure = .unavailable("refused"),
        at now: Instant
    ) -> [AppServerAction] {
        machine.connectionFailed(id, failure, now: now)
        return machine.takeActions()
    }

    func lost(_ id: AppServerConnectionID, at now: Instant) -> [AppServerAction] {
        machine.connectionLost(id, reason: "reset", now: now)
        return machine.takeActions()
    }

    func draining(_ id: AppServerConnectionID, at now: Instant) -> [AppServerAction] {
        machine.draining(id, now: now)
        return machine.takeActions()
    }

    func received(
        _ message: ReceivedMessage, on id: AppServerConnectionID, at now: Instant
    ) -> [AppServerAction] {
        machine.received(message, on: id, now: now)
        return machine.takeActions()
    }

    func acknowledge(_ pair: MessagePair, on id: AppServerConnectionID) -> [AppServerAction] {
        machine.acknowledge(pair, on: id)
        return machine.takeActions()
    }

    func send(_ request: DownstreamRequest, at now: Instant) -> [AppServerAction] {
        machine.send(request, now: now)
        return machine.takeActions()
    }

    func abandon(_ id: DownstreamRequestID) -> [AppServerAction] {
        machine.abandon(id)
        return machine.takeActions()
    }

    func answered(
        _ answer: DownstreamAnswer, on id: AppServerConnectionID, at now: Instant
    ) -> [AppServerAction] {
        machine.answered(answer, on: id, now: now)
        return machine.takeActions()
    }

    func received(
        _ receipt: ReceivedReceipt, on id: AppServerConnectionID
    ) -> [AppServerAction] {
        machine.received(receipt, on: id)
        return machine.takeActions()
    }

    func hold(_ isHolding: Bool, at now: Instant) -> [AppServerAction] {
        machine.holdAcknowledgements(isHolding, now: now)
        return machine.takeActions()
    }

    func time(is now: Instant) -> [AppServerAction] {
        machine.deadlineReached(now: now)
        return machine.takeActions()
    }
}
