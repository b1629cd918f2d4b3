import CloudMessaging
import Histogram
import NIOCore
import NIOPosix

/// An app server that sends to devices which are online, and the devices, on one event loop.
final class DownstreamLoad: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let relay: RelayUnderLoad
    private let cast: NIOLoopBound<DownstreamCast>

    /// Connects everybody.
    init(relay: RelayUnderLoad, devices: Int) async throws {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        self.relay = relay
        let eventLoop = group.any()
        let cast = try await eventLoop.submit {
            NIOLoopBound(
                DownstreamCast(devices: devices, eventLoop: eventLoop), eventLoop: eventLoop)
        }.get()
        self.cast = cast
        try await eventLoop.flatSubmit { cast.value.start(relay) }.get()
    }

    /// Sends so many messages; ends when the relay has the devices' word for the last one.
    func run(messages: Int) async throws -> DownstreamFigures {
        let before = try await relay.counters()
        let cpu = relay.meter.cpuNanoseconds()
        let start = NIODeadline.now()
        let histogram = try await group.any().flatSubmit { [cast] in
            cast.value.send(messages: messages)
        }.get()
        let counters = try await relay.counters(untilDelivered: before.delivered + messages)
        let seconds = Double((NIODeadline.now() - start).nanoseconds) / 1e9
        let used = relay.meter.cpuNanoseconds() - cpu
        return DownstreamFigures(
            messages: messages, seconds: seconds,
            relayMicroseconds: Double(used) / 1_000 / Double(messages),
            p50: Double(histogram.valueAtPercentile(50)) / 1_000,
            p99: Double(histogram.valueAtPercentile(99)) / 1_000,
            leftOver: before.delivered + messages - counters.delivered)
    }

    func stop() async throws {
        try await group.any().flatSubmit { [cast] in cast.value.stop() }.get()
        try await group.shutdownGracefully()
    }
}

/// What one run downstream gave.
struct DownstreamFigures {
    static let devices = 20

    let messages: Int
    let seconds: Double
    /// CPU of the relay for each message that its device acknowledged.
    let relayMicroseconds: Double
    /// From the request to the device, in milliseconds.
    let p50: Double
    let p99: Double
    /// Messages that no device had acknowledged at the end.
    let leftOver: Int

    var name: String { "downstream, \(Self.devices) devices online" }
    var messagesPerSecond: Double { Double(messages) / seconds }
}

/// Everybody who connects to the relay, on their event loop.
private final class DownstreamCast {
    private let eventLoop: any EventLoop
    private let devices: [LoadDevice]
    private let appServers: [LoadAppServer]
    private var sentAt: [NIODeadline] = []
    private var firstMessage = 0
    private var nextMessage = 0
    private var lastMessage = 0
    private var received = 0
    private var histogram = Histogram<UInt32>(numberOfSignificantValueDigits: .three)
    private var done: EventLoopPromise<Histogram<UInt32>>?

    init(devices: Int, eventLoop: any EventLoop) {
        self.eventLoop = eventLoop
        self.devices = (0..<devices).map {
            LoadDevice(number: $0, sender: RelayLoad.sender, eventLoop: eventLoop)
        }
        appServers = (0..<Workload.connections).map { _ in
            LoadAppServer(sender: RelayLoad.sender, eventLoop: eventLoop) { _ in }
        }
        for device in self.devices {
            device.received = { [unowned self] number in receive(number) }
        }
        for appServer in appServers {
            appServer.answered = { [unowned self, unowned appServer] count in
                send(count, on: appServer)
            }
        }
    }

    func start(_ relay: RelayUnderLoad) -> EventLoopFuture<Void> {
        let all = appServers.map { $0.start(relay) } + devices.map { $0.start(relay) }
        return EventLoopFuture.andAllSucceed(all, on: eventLoop)
    }

    /// Done when the last message has reached its device.
    func send(messages: Int) -> EventLoopFuture<Histogram<UInt32>> {
        let done = eventLoop.makePromise(of: Histogram<UInt32>.self)
        self.done = done
        firstMessage = nextMessage
        lastMessage = firstMessage + messages
        received = 0
        sentAt = Array(repeating: .now(), count: messages)
        histogram = Histogram(numberOfSignificantValueDigits: .three)
        for appServer in appServers {
            send(Limits.unansweredRequests, on: appServer)
            appServer.flush()
        }
        return done.futureResult
    }

    /// Sends so many more, each to the next device.
    private func send(_ count: Int, on appServer: LoadAppServer) {
        for _ in 0..<min(count, lastMessage - nextMessage) {
            guard let token = devices[nextMessage % devices.count].token
            else { preconditionFailure("a device that has started has a token") }
            sentAt[nextMessage - firstMessage] = .now()
            appServer.request(nextMessage, to: token)
            nextMessage += 1
        }
    }

    private func receive(_ number: Int) {
        guard (firstMessage..<lastMessage).contains(number) else { return }
        let latency = NIODeadline.now() - sentAt[number - firstMessage]
        histogram.record(UInt64(latency.nanoseconds / 1_000))
        received += 1
        if received == lastMessage - firstMessage { done?.succeed(histogram) }
    }

    func stop() -> EventLoopFuture<Void> {
        EventLoopFuture.andAllSucceed(
            devices.map { $0.stop() } + appServers.map { $0.stop() }, on: eventLoop)
    }
}
