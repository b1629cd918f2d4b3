package import AppServerMachine
package import CloudMessaging
import NIOCore
import NIOPosix
package import Nodes
import Synchronization
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

/// An app server on sockets.
package final class AppServerRuntime: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let node: NIOLoopBound<AppServerNode>
    private let orders = Mutex(Orders())

    /// What other threads want of the event loop.
    private struct Orders {
        /// Orders that the event loop has not fetched yet.
        var given: [Order] = []
        var lastRequest = 0
        /// The event loop may be gone, and is not to be asked for anything.
        var isStopped = false
    }

    private enum Order: Sendable {
        case acknowledge(MessagePair, on: AppServerConnectionID)
        case send(DownstreamRequest, DownstreamCompletion)
        case abandon(DownstreamRequestID)
    }

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
        node = try await eventLoop.submit {
            let node = AppServerNode(
                machine: AppServerMachine(settings: settings, entropy: Entropy(seed: seed)),
                sender: login.sender, key: login.key, scheduler: EventLoopScheduler(eventLoop),
                connector: SocketConnector(to: login.relay, tls: tls, on: eventLoop),
                observe: observe)
            node.perform { machine, now in machine.start(now: now) }
            return NIOLoopBound(node, eventLoop: eventLoop)
        }.get()
    }

    /// ACKs a message on the connection that it came on, when the application decides; to no effect
    /// once that connection, or the app server, has ended. ACKs given in quick succession cross to
    /// the event loop together.
    package func acknowledge(_ pair: MessagePair, on id: AppServerConnectionID) {
        orders.withLock { orders in
            guard !orders.isStopped else { return }
            give(.acknowledge(pair, on: id), &orders)
        }
    }

    /// Sends a message downstream; requests made in quick succession cross to the event loop
    /// together, and are written in their order.
    ///
    /// - Parameter completion: called once, unless the request is abandoned before; on the caller's
    ///   thread when the app server has ended.
    /// - Returns: the name for `abandon(_:)`.
    @discardableResult
    package func send(
        _ message: OutgoingMessage, _ completion: @escaping DownstreamCompletion
    ) -> DownstreamRequestID {
        // Written here and not on the event loop.
        let unnamed = DownstreamRequest(id: DownstreamRequestID(0), message)
        let (id, isStopped) = orders.withLock { orders in
            orders.lastRequest += 1
            var request = unnamed
            request.id = DownstreamRequestID(orders.lastRequest)
            if !orders.isStopped { give(.send(request, completion), &orders) }
            return (request.id, orders.isStopped)
        }
        if isStopped { completion(.notSent(.stopped)) }
        return id
    }

    /// Nobody waits for the request any more; it is still sent if it is on its way.
    package func abandon(_ id: DownstreamRequestID) {
        orders.withLock { orders in
            guard !orders.isStopped else { return }
            give(.abandon(id), &orders)
        }
    }

    private func give(_ order: Order, _ orders: inout Orders) {
        orders.given.append(order)
        guard orders.given.count == 1 else { return }
        eventLoop.execute { [self] in fetchOrders() }
    }

    private func fetchOrders() {
        let given = orders.withLock { orders in
            defer { orders.given = [] }
            return orders.given
        }
        for order in given {
            switch order {
            case .acknowledge(let pair, let id):
                node.value.perform { machine, _ in machine.acknowledge(pair, on: id) }
            case .send(let request, let completion):
                node.value.send(request, completion)
            case .abandon(let id):
                node.value.abandon(id)
            }
        }
    }

    /// Keeps back the ACKs of the policy while whoever is told of messages cannot keep up, or gives
    /// them out: the relay's window passes the pressure back, and answers still come.
    package func holdAcknowledgements(_ isHolding: Bool) {
        orders.withLock { orders in
            guard !orders.isStopped else { return }
            eventLoop.execute { [node] in
                node.value.perform { machine, now in
                    machine.holdAcknowledgements(isHolding, now: now)
                }
            }
        }
    }

    /// Stops taking anything off the sockets, or goes on: for a relay that knows no window. TCP
    /// passes the pressure back. Connections still come and go; answers do not come.
    package func setReading(_ isReading: Bool) {
        orders.withLock { orders in
            guard !orders.isStopped else { return }
            eventLoop.execute { [node] in node.value.setReading(isReading) }
        }
    }

    /// Closes every connection, after the ACKs given so far; returns when all have hung up. To be
    /// called once.
    package func stop() async throws {
        let promise = eventLoop.makePromise(of: Void.self)
        orders.withLock { orders in
            orders.isStopped = true
            eventLoop.execute { [node] in node.value.stop { promise.succeed() } }
        }
        try await promise.futureResult.get()
        try await group.shutdownGracefully()
    }
}
