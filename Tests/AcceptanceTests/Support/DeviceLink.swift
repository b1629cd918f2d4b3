import NIOCore
import NIOPosix
import Synchronization

/// The way between devices and their relay: passes bytes on, loses them, or breaks off, as the test
/// says. It keeps its port while relays come and go.
final class DeviceLink: Sendable {
    enum Direction: Sendable {
        case toRelay, toDevice
    }

    private struct State {
        var relayPort: Int
        var losing: Direction?
        var channels: [any Channel] = []
    }

    /// One entry for each piece that was lost.
    let lost = Diary<Direction>()
    private let listener: any Channel
    private let shared: Shared

    /// What the listener's connections share with the link.
    private final class Shared: Sendable {
        let state: Mutex<State>

        init(_ state: State) { self.state = Mutex(state) }
    }

    var port: Int { listener.localAddress?.port ?? 0 }

    init(relayPort: Int) async throws {
        let shared = Shared(State(relayPort: relayPort))
        let lost = lost
        self.shared = shared
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton.next())
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { device in
                ClientBootstrap(group: device.eventLoop)
                    .connect(
                        host: "127.0.0.1", port: shared.state.withLock(\.relayPort)
                    ).flatMapThrowing { relay in
                        shared.state.withLock { $0.channels += [device, relay] }
                        for (from, to, direction) in [
                            (device, relay, Direction.toRelay), (relay, device, .toDevice),
                        ] {
                            try from.pipeline.syncOperations.addHandler(
                                Pipe(to: to) { piece in
                                    let isLost = shared.state.withLock { $0.losing == direction }
                                    if isLost { lost.write(direction) }
                                    return isLost ? nil : piece
                                })
                        }
                        try device.syncOptions?.setOption(.autoRead, value: true)
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// Where the relay is now.
    func lead(to relayPort: Int) {
        shared.state.withLock { $0.relayPort = relayPort }
    }

    /// From now on everything in one direction is lost; nil: nothing.
    func lose(_ direction: Direction?) {
        shared.state.withLock { $0.losing = direction }
    }

    /// Breaks every connection off, without a word to either side; the next ones lose nothing.
    func cut() async throws {
        let channels = shared.state.withLock { state in
            defer { state.channels = [] }
            state.losing = nil
            return state.channels
        }
        for channel in channels { try? await channel.close() }
    }

    func close() async throws {
        try await listener.close()
        try await cut()
    }
}

/// Hands what one side says to the other side.
private final class Pipe: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let other: any Channel
    private let pass: (ByteBuffer) -> ByteBuffer?

    init(to other: any Channel, pass: @escaping (ByteBuffer) -> ByteBuffer?) {
        self.other = other
        self.pass = pass
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if let piece = pass(unwrapInboundIn(data)) { other.writeAndFlush(piece, promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        other.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
