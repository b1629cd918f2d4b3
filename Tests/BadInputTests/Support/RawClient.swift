import NIOCore
import NIOPosix
import NetworkRuntime
import Nodes
import TLSEngine

/// A peer that sends exactly the bytes it is told to, over verified TLS or over bare TCP, and
/// keeps what it is answered.
final class RawClient: Sendable {
    /// What the peer sees of the connection.
    enum Sight: Sendable {
        case open
        case bytes([UInt8])
        case closed(String)
    }

    let sights = Diary<Sight>()
    private let channel: any Channel
    private let transport: NIOLoopBound<Link>?

    // MARK: Connecting

    /// Connects and completes the handshake; the relay's certificate is verified.
    init(port: Int, trusting caFile: String) async throws {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let tls = try TLSContext(clientTrusting: caFile)
        let sights = sights
        (channel, transport) = try await eventLoop.flatSubmit {
            let link = Link(sights: sights)
            let box = NIOLoopBound(link, eventLoop: eventLoop)
            return ClientBootstrap(group: eventLoop)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let connection = try TLSConnection(
                            context: tls, role: .client(hostName: "localhost"))
                        try channel.pipeline.syncOperations.addHandler(
                            TLSTransport(tls: connection, owner: box.value))
                    }
                }
                .connect(host: "127.0.0.1", port: port)
                .map { ($0, box) }
        }.get()
        try await sights.wait(for: "the handshake's end") { $0.contains { $0.isOpen } }
    }

    /// Connects without TLS.
    init(plainPort port: Int) async throws {
        let sights = sights
        transport = nil
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(PlainLink(sights: sights))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
    }

    // MARK: Talking

    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        if let transport {
            try await channel.eventLoop.submit { transport.value.send(bytes) }.get()
        } else {
            try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        }
    }

    /// Hangs up without a word.
    func hangUp() async throws {
        try? await channel.close()
        try await untilClosed()
    }

    // MARK: What came

    var bytes: [UInt8] { Self.bytes(sights.entries) }

    /// Everything that came, as text.
    var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Returns once the answer holds a text.
    func wait(for text: String) async throws {
        try await sights.wait(for: text) {
            String(decoding: Self.bytes($0), as: UTF8.self).contains(text)
        }
    }

    /// Returns what came, once the relay has hung up.
    @discardableResult
    func untilClosed() async throws -> String {
        try await sights.wait(for: "the relay's hanging up") { $0.contains { $0.isClosed } }
        return text
    }

    private static func bytes(_ sights: [Sight]) -> [UInt8] {
        sights.flatMap { sight -> [UInt8] in
            if case .bytes(let bytes) = sight { bytes } else { [] }
        }
    }
}

extension RawClient.Sight {
    var isOpen: Bool {
        if case .open = self { true } else { false }
    }

    var isClosed: Bool {
        if case .closed = self { true } else { false }
    }
}

/// The owner of a raw client's TLS connection.
private final class Link: TransportEvents {
    private let sights: Diary<RawClient.Sight>
    private var transport: (any Transport)?

    init(sights: Diary<RawClient.Sight>) {
        self.sights = sights
    }

    func send(_ bytes: [UInt8]) {
        var bytes = bytes
        transport?.write(&bytes)
    }

    func transportBegan(_ transport: any Transport) { self.transport = transport }
    func transportOpened(_ transport: any Transport) { sights.write(.open) }

    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer) {
        sights.write(.bytes(Array(bytes)))
    }

    func transportReadComplete(_ transport: any Transport) {}
    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {}

    func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        self.transport = nil
        sights.write(.closed("\(reason)"))
    }
}

/// The same without TLS.
private final class PlainLink: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    private let sights: Diary<RawClient.Sight>

    init(sights: Diary<RawClient.Sight>) {
        self.sights = sights
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        sights.write(.bytes(Array(unwrapInboundIn(data).readableBytesView)))
    }

    func channelInactive(context: ChannelHandlerContext) {
        sights.write(.closed("closed"))
    }
}
