package import CloudMessaging
package import DeviceMachine
package import MessageStore
import NIOCore
import NIOPosix
package import Nodes
package import TLSEngine

/// A device on sockets.
package final class DeviceRuntime: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let outboxThread: NIOThreadPool
    private let node: NIOLoopBound<DeviceNode>

    private var eventLoop: any EventLoop { group.any() }

    /// Begins a life of the device with the first order that it gets; it stays offline until
    /// `goOnline()`.
    ///
    /// - Parameters:
    ///   - outbox: only the runtime uses it from here on.
    ///   - snapshot: what opening the outbox gave.
    ///   - observe: called on the device's own thread; must not block.
    package init(
        settings: DeviceSettings, relay: RelayAddress, tls: TLSContext, outbox: any OutboxStore,
        snapshot: OutboxSnapshot, seed: UInt64, observe: @escaping @Sendable (DeviceEvent) -> Void
    ) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        outboxThread = NIOThreadPool(numberOfThreads: 1)
        outboxThread.start()
        let eventLoop = group.any()
        let worker = OutboxWorker(outbox: outbox, thread: outboxThread, eventLoop: eventLoop)
        node = try await eventLoop.submit {
            let scheduler = EventLoopScheduler(eventLoop)
            let machine = DeviceMachine(
                settings: settings, snapshot: snapshot,
                entropy: Entropy(seed: seed, life: UInt64(snapshot.life)), now: scheduler.now)
            return NIOLoopBound(
                DeviceNode(
                    machine: machine, scheduler: scheduler,
                    connector: SocketConnector(to: relay, tls: tls, on: eventLoop),
                    outbox: worker, observe: observe),
                eventLoop: eventLoop)
        }.get()
    }

    /// Hands a message over, in the order of the calls.
    ///
    /// - Parameter answer: called once on the device's own thread; must not block.
    package func send(_ request: SendRequest, answer: @escaping SendAnswer) {
        eventLoop.execute { [node] in node.value.send(request, answer) }
    }

    /// Hands a message over; returns when it is durable, or with the error that refuses it.
    package func send(_ request: SendRequest) async throws -> UpstreamError? {
        let promise = eventLoop.makePromise(of: UpstreamError?.self)
        send(request) { promise.succeed($0) }
        return try await promise.futureResult.get()
    }

    /// A number as message ID, for an app that names none.
    package func nextMessageID() async throws -> MessageID {
        try await perform { machine, now in machine.nextMessageID(now: now) }
    }

    /// Asks for a token of the app; `DeviceEvent.registered` answers. An error is final.
    package func register(
        _ category: Category, senders: [SenderID]
    ) async throws -> UpstreamError? {
        try await perform { machine, _ in machine.register(category, senders: senders) }
    }

    /// Asks the relay something about the app.
    ///
    /// - Parameters:
    ///   - token: what the app takes for its token; nil: whichever it is.
    ///   - answer: called once on the device's own thread, with nil when the relay did what was
    ///     asked; must not block.
    package func request(
        _ request: AppRequest, of category: Category, token: RegistrationToken?,
        answer: @escaping RequestAnswer
    ) {
        eventLoop.execute { [node] in
            node.value.request(request, of: category, token: token, answer)
        }
    }

    /// Whether the app may hand over another message now.
    package func hasRoom(for category: Category) async throws -> Bool {
        try await perform { machine, _ in machine.hasRoom(for: category) }
    }

    /// Calls back when the app may hand over another message, or the device ends.
    ///
    /// - Parameter answer: called once on the device's own thread; must not block.
    package func waitForRoom(for category: Category, answer: @escaping @Sendable () -> Void) {
        eventLoop.execute { [node] in node.value.waitForRoom(for: category, answer) }
    }

    package func goOnline() async throws {
        try await perform { machine, now in machine.goOnline(now: now) }
    }

    package func goOffline() async throws {
        try await perform { machine, now in machine.goOffline(now: now) }
    }

    /// Lets the machine handle an event of an app, in the order of the calls.
    ///
    /// - Parameter answer: called on the device's own thread, before the event's consequences;
    ///   must not block.
    package func order<Answer>(
        _ event: @escaping @Sendable (inout DeviceMachine, Instant) -> Answer,
        answer: @escaping @Sendable (Answer) -> Void = { _ in }
    ) {
        eventLoop.execute { [node] in answer(node.value.perform(event)) }
    }

    /// Runs work on the device's own thread, after the consequences of all orders before it; does
    /// not begin the device's life.
    package func execute(_ work: @escaping @Sendable () -> Void) {
        eventLoop.execute { [eventLoop] in eventLoop.execute(work) }
    }

    /// Ends the device: what is known is told and stored; what is pending stays in the outbox.
    package func shutDown() async throws {
        let promise = eventLoop.makePromise(of: Void.self)
        eventLoop.execute { [node] in node.value.shutDown { promise.succeed() } }
        try await promise.futureResult.get()
        try await outboxThread.shutdownGracefully()
        try await group.shutdownGracefully()
    }

    private func perform<Answer: Sendable>(
        _ event: @escaping @Sendable (inout DeviceMachine, Instant) -> Answer
    ) async throws -> Answer {
        try await eventLoop.submit { [node] in node.value.perform(event) }.get()
    }
}
