import NIOCore
import NIOPosix
import NetworkRuntime
import Nodes
import Synchronization
import TLSEngine

/// One end of a TLS connection; the test itself writes and reads the text on it.
final class Wire: Sendable {
    enum Event: Sendable, CustomStringConvertible {
        case opened
        case heard([UInt8])
        case closed

        var description: String {
            switch self {
            case .opened: "handshake"
            case .heard(let bytes): String(decoding: bytes, as: UTF8.self)
            case .closed: "end of the connection"
            }
        }
    }

    private let diary: Diary<Event>
    private let end: NIOLoopBound<WireEnd>
    private let eventLoop: any EventLoop
    private let listener: (any Channel)?
    /// Bytes that were read.
    private let position = Mutex(0)

    private init(
        _ diary: Diary<Event>, _ end: NIOLoopBound<WireEnd>, on eventLoop: any EventLoop,
        listener: (any Channel)? = nil
    ) {
        self.diary = diary
        self.end = end
        self.eventLoop = eventLoop
        self.listener = listener
    }

    /// Connects, verifying the certificate.
    static func connect(port: Int, trusting caFile: String) async throws -> Wire {
        let tls = try TLSContext(clientTrusting: caFile)
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let diary = Diary<Event>()
        let end = try await eventLoop.flatSubmit {
            let end = WireEnd(diary)
            let box = NIOLoopBound(end, eventLoop: eventLoop)
            return RelayAddress(host: "127.0.0.1", port: port)
                .connect(tls: tls, on: eventLoop, owner: end).map { _ in box }
        }.get()
        let wire = Wire(diary, end, on: eventLoop)
        try await wire.opened()
        return wire
    }

    /// Listens for one connection.
    static func accept(tls: TLSContext) async throws -> (Wire, port: Int) {
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let diary = Diary<Event>()
        let end = try await eventLoop.submit {
            NIOLoopBound(WireEnd(diary), eventLoop: eventLoop)
        }.get()
        let listener = try await ServerBootstrap(group: eventLoop)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let connection = try TLSConnection(context: tls, role: .server)
                    try channel.pipeline.syncOperations.addHandler(
                        TLSTransport(tls: connection, owner: end.value))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let wire = Wire(diary, end, on: eventLoop, listener: listener)
        return (wire, listener.localAddress?.port ?? 0)
    }

    /// Waits for the handshake.
    func opened() async throws {
        try await diary.wait(for: "handshake") { events in
            events.contains { if case .opened = $0 { true } else { false } }
        }
    }

    func write(_ text: String) async throws {
        try await eventLoop.submit { [end] in end.value.write(text) }.get()
    }

    /// What came after the text that was read last, up to the first `marker` and with it.
    @discardableResult
    func read(through marker: String) async throws -> String {
        let start = position.withLock(\.self)
        let events = try await diary.wait(for: "'\(marker)'") { events in
            Self.bytes(events).dropFirst(start).firstRange(of: marker.utf8) != nil
        }
        let rest = Self.bytes(events).dropFirst(start)
        guard let range = rest.firstRange(of: marker.utf8) else { return "" }
        position.withLock { $0 = range.upperBound }
        return String(decoding: rest[..<range.upperBound], as: UTF8.self)
    }

    /// Hangs up; the peer may have something to say before.
    func close() async throws {
        try? await listener?.close()
        try await eventLoop.submit { [end] in end.value.close() }.get()
    }

    /// Waits until the peer has hung up, too.
    func closed() async throws {
        try await diary.wait(for: "end of the connection") { events in
            events.contains { if case .closed = $0 { true } else { false } }
        }
    }

    private static func bytes(_ events: [Event]) -> [UInt8] {
        events.flatMap { event -> [UInt8] in
            if case .heard(let bytes) = event { bytes } else { [] }
        }
    }
}

/// Lives on its connection's event loop.
private final class WireEnd: TransportEvents {
    private let diary: Diary<Wire.Event>
    private var transport: (any Transport)?

    init(_ diary: Diary<Wire.Event>) {
        self.diary = diary
    }

    func write(_ text: String) {
        var bytes = Array(text.utf8)
        transport?.write(&bytes)
    }

    func close() { transport?.close() }

    func transportBegan(_ transport: any Transport) { self.transport = transport }

    func transportOpened(_ transport: any Transport) { diary.write(.opened) }

    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer) {
        diary.write(.heard(Array(bytes)))
    }

    func transportReadComplete(_ transport: any Transport) {}

    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {}

    func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        self.transport = nil
        diary.write(.closed)
    }
}
