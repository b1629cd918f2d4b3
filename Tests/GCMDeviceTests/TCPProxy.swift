import NIOCore
import NIOPosix
import Synchronization

/// Stands between a device and its relay: swallows bytes, and cuts connections without a goodbye.
final class TCPProxy: Sendable {
    enum Direction: Hashable, Sendable, CaseIterable {
        case toRelay
        case toDevice
    }

    fileprivate struct State {
        var swallowed: Direction?
        var channels: [any Channel] = []
    }

    let port: Int
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    private let listener: any Channel
    private let shared: Shared

    fileprivate final class Shared: Sendable {
        let state = Mutex(State())

        func swallows(_ direction: Direction) -> Bool {
            state.withLock { $0.swallowed == direction }
        }

        func add(_ channel: any Channel) {
            state.withLock { $0.channels.append(channel) }
        }
    }

    init(to relayPort: Int) async throws {
        let shared = Shared()
        let group = group
        self.shared = shared
        listener = try await ServerBootstrap(group: group)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { device in
                shared.add(device)
                return ClientBootstrap(group: device.eventLoop)
                    .channelInitializer { relay in
                        shared.add(relay)
                        return relay.eventLoop.makeCompletedFuture {
                            try relay.pipeline.syncOperations.addHandler(
                                Passage(.toDevice, to: device, shared))
                        }
                    }
                    .connect(host: "127.0.0.1", port: relayPort)
                    .flatMapThrowing { relay in
                        try device.pipeline.syncOperations.addHandler(
                            Passage(.toRelay, to: relay, shared))
                    }
                    .flatMap { device.setOption(.autoRead, value: true) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    /// From now on these bytes go nowhere.
    func swallow(_ direction: Direction) {
        shared.state.withLock { $0.swallowed = direction }
    }

    /// Cuts what is connected; new connections are passed on whole.
    func cut() {
        let channels = shared.state.withLock { state in
            state.swallowed = nil
            defer { state.channels = [] }
            return state.channels
        }
        for channel in channels { channel.close(promise: nil) }
    }

    func stop() async throws {
        try await listener.close()
        cut()
        try await group.shutdownGracefully()
    }
}

/// One direction of a connection.
private final class Passage: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let direction: TCPProxy.Direction
    private let other: any Channel
    private let shared: TCPProxy.Shared

    init(_ direction: TCPProxy.Direction, to other: any Channel, _ shared: TCPProxy.Shared) {
        self.direction = direction
        self.other = other
        self.shared = shared
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !shared.swallows(direction) else { return }
        other.writeAndFlush(unwrapInboundIn(data), promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }
}
