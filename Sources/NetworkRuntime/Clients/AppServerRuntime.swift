package import AppServerMachine
package import CloudMessaging
import NIOCore
import NIOPosix
package import TLSEngine

/// Where an app server logs in, and as whom.
package struct AppServerLogin: Sendable {
    package let relay: RelayAddress
    package let sender: SenderID
    package let key: String

    package init(relay: RelayAddress, sender: SenderID, key: String) {
        self.relay = relay
        self.sender = sender
        self.key = key
    }
}

/// What whoever runs an app server is told, in batches.
package enum AppServerEvent: Sendable {
    case connected(AppServerConnectionID)
    case connectionFailed(AppServerConnectionID, reason: String, retryAfter: Duration)
    /// Final: the app server does not try again.
    case authenticationFailed(AppServerConnectionID, reason: String)
    case draining(AppServerConnectionID)
    case disconnected(AppServerConnectionID, reason: String)
    case upstream(ReceivedMessage, on: AppServerConnectionID, attempt: Int)
    /// An ACK was sent; `distinct` counts the messages that were ACKed so far, each once.
    case acknowledged(MessagePair, distinct: Int)
    case skipped(MessagePair)
    /// The relay did not understand something that this app server sent.
    case refused(AppServerConnectionID, error: String, description: String)
}

/// An app server on sockets.
package final class AppServerRuntime: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let core: NIOLoopBound<AppServerCore>

    private var eventLoop: any EventLoop { group.any() }

    /// Connects at once.
    ///
    /// - Parameter observe: called on the app server's own thread; must not block.
    package init(
        settings: AppServerSettings, login: AppServerLogin, tls: TLSContext, seed: UInt64,
        observe: @escaping @Sendable ([AppServerEvent]) -> Void
    ) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.any()
        core = try await eventLoop.submit {
            let core = AppServerCore(
                eventLoop: eventLoop, clock: MonotonicClock(),
                machine: AppServerMachine(settings: settings, entropy: Entropy(seed: seed)),
                login: login, tls: tls, observe: observe)
            core.perform { machine, now in machine.start(now: now) }
            return NIOLoopBound(core, eventLoop: eventLoop)
        }.get()
    }

    /// ACKs a message on the connection that it came on, when the application decides.
    package func acknowledge(_ pair: MessagePair, on id: AppServerConnectionID) {
        eventLoop.execute { [core] in
            core.value.perform { machine, _ in machine.acknowledge(pair, on: id) }
        }
    }

    /// Closes every connection; returns when all have hung up.
    package func stop() async throws {
        let promise = eventLoop.makePromise(of: Void.self)
        eventLoop.execute { [core] in core.value.stop(promise) }
        try await promise.futureResult.get()
        try await group.shutdownGracefully()
    }
}
