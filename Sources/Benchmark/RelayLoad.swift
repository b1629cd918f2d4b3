import CloudMessaging
import Histogram
import NIOCore
import NIOPosix
import TLSEngine

/// Devices and an app server on one event loop, and the messages between them.
final class RelayLoad: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let relay: RelayUnderLoad
    private let workload: Workload
    private let cast: NIOLoopBound<Cast>

    static let sender = senderID("555000111222")
    private static let absentSender = senderID("999")

    private static func senderID(_ text: String) -> SenderID {
        guard let sender = SenderID(text) else { preconditionFailure("digits are a sender ID") }
        return sender
    }

    /// Connects everybody.
    init(
        relay: RelayUnderLoad, workload: Workload, sender: SenderID = RelayLoad.sender,
        connections: Int = Workload.connections
    ) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.relay = relay
        self.workload = workload
        let eventLoop = group.any()
        let cast = try await eventLoop.submit {
            NIOLoopBound(
                Cast(
                    devices: workload.devices, connections: connections, sender: sender,
                    eventLoop: eventLoop),
                eventLoop: eventLoop)
        }.get()
        self.cast = cast
        try await eventLoop.flatSubmit { cast.value.start(relay) }.get()
    }

    /// Sends so many messages; ends when the last one is ACKed and the relay has settled it.
    func run(messages: Int) async throws -> HopFigures {
        let before = try await relay.counters()
        let cpu = relay.meter.cpuNanoseconds()
        let start = NIODeadline.now()
        let window = workload.inFlight
        let histogram = try await group.any().flatSubmit { [cast] in
            cast.value.send(messages: messages, inFlight: window, awaitDelivery: true)
        }.get()
        let seconds = Double((NIODeadline.now() - start).nanoseconds) / 1e9
        let counters = try await relay.counters(untilSettled: before.settled + messages)
        let used = relay.meter.cpuNanoseconds() - cpu
        let commits = counters.commits - before.commits
        let rows = counters.committedMessages - before.committedMessages
        return HopFigures(
            messages: messages, seconds: seconds,
            relayMicroseconds: Double(used) / 1_000 / Double(messages),
            p50: Double(histogram.valueAtPercentile(50)) / 1_000,
            p99: Double(histogram.valueAtPercentile(99)) / 1_000,
            rowsPerCommit: Double(rows) / Double(max(1, commits)),
            leftOver: before.settled + messages - counters.settled)
    }

    /// Leaves so many messages in the relay's queue for a sender that is not there.
    static func queue(messages: Int, relay: RelayUnderLoad) async throws {
        let load = try await RelayLoad(
            relay: relay, workload: Workload(devices: 20, inFlight: 50), sender: absentSender,
            connections: 0)
        _ = try await load.group.any().flatSubmit { [cast = load.cast] in
            cast.value.send(messages: messages, inFlight: 50, awaitDelivery: false)
        }.get()
        try await load.stop()
    }

    func stop() async throws {
        try await group.any().flatSubmit { [cast] in cast.value.stop() }.get()
        try await group.shutdownGracefully()
    }
}

/// Everybody who connects to the relay, on their event loop.
private final class Cast {
    private let eventLoop: any EventLoop
    private var devices: [LoadDevice] = []
    private var appServers: [LoadAppServer] = []
    private var sentAt: [NIODeadline] = []
    private var firstMessage = 0
    private var nextMessage = 0
    private var lastMessage = 0
    private var delivered = 0
    private var histogram = Histogram<UInt32>(numberOfSignificantValueDigits: .three)
    private var done: EventLoopPromise<Histogram<UInt32>>?

    init(devices: Int, connections: Int, sender: SenderID, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.devices = (0..<devices).map {
            LoadDevice(number: $0, sender: sender, eventLoop: eventLoop)
        }
        appServers = (0..<connections).map { _ in
            LoadAppServer(sender: sender, eventLoop: eventLoop) { [unowned self] id in
                deliver(id)
            }
        }
    }

    func start(_ relay: RelayUnderLoad) -> EventLoopFuture<Void> {
        let all = appServers.map { $0.start(relay) } + devices.map { $0.start(relay) }
        return EventLoopFuture.andAllSucceed(all, on: eventLoop)
    }

    /// Done when the last message was delivered, or, without a delivery to await, taken.
    func send(
        messages: Int, inFlight: Int, awaitDelivery: Bool
    ) -> EventLoopFuture<Histogram<UInt32>> {
        let done = eventLoop.makePromise(of: Histogram<UInt32>.self)
        self.done = done
        firstMessage = nextMessage
        lastMessage = firstMessage + messages
        delivered = 0
        sentAt = Array(repeating: .now(), count: messages)
        histogram = Histogram(numberOfSignificantValueDigits: .three)
        for device in devices {
            device.send(inFlight: inFlight) { [unowned self] in takeNumber() }
        }
        if !awaitDelivery {
            for device in devices { device.whenIdle { [unowned self] in deviceIsIdle() } }
            idleDevices = 0
        }
        return done.futureResult
    }

    private var idleDevices = 0

    private func deviceIsIdle() {
        idleDevices += 1
        if idleDevices == devices.count { done?.succeed(histogram) }
    }

    func stop() -> EventLoopFuture<Void> {
        EventLoopFuture.andAllSucceed(
            devices.map { $0.stop() } + appServers.map { $0.stop() }, on: eventLoop)
    }

    private func takeNumber() -> Int? {
        guard nextMessage < lastMessage else { return nil }
        defer { nextMessage += 1 }
        sentAt[nextMessage - firstMessage] = .now()
        return nextMessage
    }

    private func deliver(_ id: Int) {
        guard (firstMessage..<lastMessage).contains(id) else { return }
        let latency = NIODeadline.now() - sentAt[id - firstMessage]
        histogram.record(UInt64(latency.nanoseconds / 1_000))
        delivered += 1
        if delivered == lastMessage - firstMessage { done?.succeed(histogram) }
    }
}
