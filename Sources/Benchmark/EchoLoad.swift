import CloudMessaging
import NIOCore
import NIOPosix
import NetworkRuntime
import Nodes
import TLSEngine
import XMPPSessions

/// The same messages against the echo server, the same number of them on the wire.
enum EchoLoad {
    /// CPU of the echo server for each message, in microseconds.
    static func measure(
        _ workload: Workload, messages: Int, trustDirectory: String
    ) async throws -> Double {
        let child = try ChildProcess(
            program: "benchmark", arguments: ["echo", "--trust-directory", trustDirectory])
        let parts = try child.firstLine().split(separator: " ")
        guard parts.count == 2, let port = Int(parts[0]) else {
            throw BenchmarkError("the echo server did not say its port")
        }
        let address = RelayAddress(host: "127.0.0.1", port: port)
        let tls = try TLSContext(clientTrusting: String(parts[1]))
        let meter = ProcessMeter(pid: child.pid)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let eventLoop = group.any()

        let clients = try await eventLoop.submit {
            NIOLoopBound(
                (0..<workload.devices).map { _ in EchoClient(eventLoop: eventLoop) },
                eventLoop: eventLoop)
        }.get()
        try await eventLoop.flatSubmit {
            EventLoopFuture.andAllSucceed(
                clients.value.map { $0.start(address, tls) }, on: eventLoop)
        }.get()
        func run(_ messages: Int) async throws {
            let share = messages / workload.devices
            let window = workload.inFlight
            try await eventLoop.flatSubmit {
                EventLoopFuture.andAllSucceed(
                    clients.value.map { $0.send(messages: share, inFlight: window) },
                    on: eventLoop)
            }.get()
        }
        try await run(messages / 10)
        let before = meter.cpuNanoseconds()
        try await run(messages)
        let used = meter.cpuNanoseconds() - before
        await child.stop()
        try await group.shutdownGracefully()
        return Double(used) / 1_000 / Double(messages)
    }
}

/// Sends stanzas and counts what comes back.
private final class EchoClient: TransportEvents {
    /// An upload of the workload, as a device's session writes it.
    private static let stanza = {
        var session = DeviceSession()
        session.start()
        session.output.removeAll()
        session.upload(
            LoadDevice.message(100_000, uploadID: "10-10000", to: RelayLoad.sender),
            timeToLive: 86_400)
        return session.output
    }()

    private let eventLoop: any EventLoop
    private let ready: EventLoopPromise<Void>
    private var done: EventLoopPromise<Void>?
    private var transport: TLSTransport?
    private var output: [UInt8] = []
    private var left = 0
    private var onWire = 0
    private var window = 0
    private var partial = 0

    init(eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        ready = eventLoop.makePromise()
    }

    func start(_ address: RelayAddress, _ tls: TLSContext) -> EventLoopFuture<Void> {
        address.connect(tls: tls, on: eventLoop, owner: self).cascadeFailure(to: ready)
        return ready.futureResult
    }

    func send(messages: Int, inFlight: Int) -> EventLoopFuture<Void> {
        let done = eventLoop.makePromise(of: Void.self)
        self.done = done
        left = messages
        window = inFlight
        fill()
        return done.futureResult
    }

    private func fill() {
        while onWire < window, left > 0 {
            onWire += 1
            left -= 1
            output += Self.stanza
            transport?.encrypt(&output)
        }
        transport?.write(&output)
        if onWire == 0 { done?.succeed() }
    }

    func transportBegan(_ transport: any Transport) {
        self.transport = transport as? TLSTransport
    }

    func transportOpened(_ transport: any Transport) {
        ready.succeed()
    }

    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer) {
        partial += bytes.count
        onWire -= partial / Self.stanza.count
        partial %= Self.stanza.count
    }

    func transportReadComplete(_ transport: any Transport) {
        fill()
    }

    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {}

    func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        self.transport = nil
        ready.fail(reason)
    }
}
