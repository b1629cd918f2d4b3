package import CloudMessaging
package import Invariants
package import Journal
package import Logging
package import MessageStore
import NIOCore
import NIOPosix
package import Nodes
package import RelayMachine
import Synchronization
package import TLSEngine

/// A relay on sockets: one event loop for all protocol work, one thread for the store
/// (design decision 5).
package final class RelayRuntime: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let storeThread: NIOThreadPool
    let node: NIOLoopBound<RelayNode>
    let worker: StoreWorker
    private let journal: NIOLoopBound<JournalFeed>?
    private let companion: NIOLoopBound<any RelayCompanion>?
    /// Ports that accept connections; used on the event loop only.
    private let listeners: NIOLoopBoundBox<[any Channel]>
    private let tls: TLSContext
    private let settings: RelayNodeSettings
    /// From here on nothing is asked of the event loop: one that has ended answers nobody.
    private let hasEnded = Mutex(false)

    private var eventLoop: any EventLoop { group.any() }

    /// Listens to nothing yet; `listen(_:host:port:)` does.
    ///
    /// - Parameters:
    ///   - store: only the runtime uses it from here on.
    ///   - snapshot: what opening the store gave.
    ///   - timeScale: how many times as fast as real time its clock runs. Who connects is no faster
    ///     for it, so what it may take for handshake and login stays real time.
    ///   - journalLimit: events that the journal keeps; nil: there is none.
    ///   - companion: makes, on the event loop, who lives there beside the relay; nil: nobody does.
    ///   - onViolation: told, on the event loop, of an invariant that does not hold; nil: nobody
    ///     watches.
    package init(
        settings: RelayNodeSettings, store: any MessageStore, snapshot: StoreSnapshot,
        tls: TLSContext, logger: Logger, timeScale: Int = 1, journalLimit: Int? = nil,
        companion: CompanionMaker? = nil,
        onViolation: (@Sendable (Violation) -> Void)? = nil
    ) async throws {
        var settings = settings
        settings.loginTimeout *= timeScale
        self.settings = settings
        self.tls = tls
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        storeThread = NIOThreadPool(numberOfThreads: 1)
        storeThread.start()
        let eventLoop = group.any()
        worker = StoreWorker(store: store, thread: storeThread, eventLoop: eventLoop)
        listeners = .makeBoxSendingValue([], eventLoop: eventLoop)
        (node, journal, self.companion) = try await eventLoop.submit { [worker, settings] in
            let scheduler = EventLoopScheduler(eventLoop, timeScale: timeScale)
            let log = RelayLog(logger: logger)
            let journal = journalLimit.map { JournalFeed(limit: $0, eventLoop: eventLoop) }
            let recorder = journal.map { RelayRecorder(journal: $0, scheduler: scheduler) }
            let watch = onViolation.map { InvariantWatch(settings, onViolation: $0) }
            let watcher = watch.map { RelayRecorder(journal: $0, scheduler: scheduler) }
            let companion = companion?(eventLoop, scheduler)
            let listener = companion.map {
                RelayRecorder(journal: $0.recorder, scheduler: scheduler)
            }
            let recorders = [recorder, watcher, listener].compactMap(\.self)
            let node = RelayNode(
                settings: settings, snapshot: snapshot, scheduler: scheduler, store: worker,
                observer: recorders.isEmpty ? log : RelayObservers([log] + recorders),
                digest: MessageDigest.sha256)
            watch?.watchMemory(on: scheduler) { [weak node] in
                node?.machine.memoryExcess?.description
            }
            companion?.joined(node)
            return (
                NIOLoopBound(node, eventLoop: eventLoop),
                journal.map { NIOLoopBound($0, eventLoop: eventLoop) },
                companion.map { NIOLoopBound($0, eventLoop: eventLoop) }
            )
        }.get()
    }

    /// Accepts connections; returns the port, which the system chooses for port 0.
    package func listen(_ door: RelayNode.Door, on address: ListenAddress, port: Int) async throws
        -> Int
    {
        let (node, companion) = (node, companion)
        let tls = tls
        let handshakeTimeout = settings.handshakeTimeout
        let bootstrap = ServerBootstrap.tls(
            on: group, tls, handshakeTimeout: handshakeTimeout
        ) { channel in
            companion?.value.receive(channel, at: door) ?? node.value.accept(door)
        }
        let channels = try await address.bind(port: port) { host, port in
            try await bootstrap.bind(host: host, port: port).get()
        }
        try await eventLoop.submit { [listeners] in listeners.value += channels }.get()
        return channels.first?.localAddress?.port ?? port
    }

    /// What the relay has counted and is doing; throws once the relay ends.
    package func status() async throws -> RelayStatus {
        try await onEventLoop { [node] in RelayStatus(node.value) }
    }

    func onEventLoop<Answer: Sendable>(
        _ work: @escaping @Sendable () -> Answer
    ) async throws -> Answer {
        // Asked and submitted in one step: the end waits for what was submitted before it.
        let answer = hasEnded.withLock { hasEnded in hasEnded ? nil : eventLoop.submit(work) }
        guard let answer else { throw RelayEnded() }
        return try await answer.get()
    }

    /// Reads or clears the journal; nil: there is none. Throws once the relay ends.
    package func journal<Answer: Sendable>(
        _ ask: @escaping @Sendable (inout Journal) -> Answer
    ) async throws -> Answer? {
        guard let journal else { return nil }
        return try await onEventLoop { ask(&journal.value.journal) }
    }

    /// Returns once the journal has an event after a number, when the time is over, or when the relay
    /// ends; at once without a journal.
    package func journalGrows(after number: UInt64, within time: Duration) async throws {
        guard let journal else { return }
        let time = TimeAmount(time)
        let growth = hasEnded.withLock { hasEnded in
            hasEnded
                ? nil : eventLoop.flatSubmit { journal.value.growth(after: number, within: time) }
        }
        guard let growth else { throw RelayEnded() }
        try await growth.get()
    }

    /// Announces draining on every connection that is bound now, and closes each when its ACKs are
    /// in (protocol sheet §3.6).
    package func drainAll() async throws {
        try await eventLoop.submit { [node] in node.value.drainAll() }.get()
    }

    /// The same on one connection; to no effect when it is gone.
    package func drain(_ connection: ConnectionID) async throws {
        try await eventLoop.submit { [node] in node.value.drain(connection) }.get()
    }

    /// Ends the relay: nothing new is accepted, what is in flight gets its grace time, then
    /// everything is stored. Returns when all of that is done.
    ///
    /// - Parameter beforeEnd: when nothing happens any more, and the journal can still be read.
    package func shutdown(beforeEnd: () async -> Void = {}) async throws {
        // First of all: an app server that is told to go elsewhere must not come back here.
        let open = try await eventLoop.submit { [listeners] in
            defer { listeners.value = [] }
            return listeners.value
        }.get()
        for listener in open { try? await listener.close() }
        let done = eventLoop.makePromise(of: Void.self)
        eventLoop.execute { [node] in node.value.shutDown { done.succeed() } }
        try await done.futureResult.get()
        try await eventLoop.submit { [journal] in journal?.value.end() }.get()
        await beforeEnd()
        hasEnded.withLock { $0 = true }
        try await eventLoop.submit {}.get()
        try await storeThread.shutdownGracefully()
        try await group.shutdownGracefully()
    }
}

/// The relay has ended and answers no questions any more.
package struct RelayEnded: Error, CustomStringConvertible {
    package let description = "the relay has ended"
}

/// What a relay has counted and is doing at one moment.
package struct RelayStatus: Sendable {
    package let counters: RelayCounters
    /// Frames that were no usable ACK, answered with `BAD_ACK`.
    package let badAcknowledgements: Int
    /// App-server connections that are bound.
    package let connections: Int
    /// Devices that are online.
    package let devices: Int
    /// Why the store takes nothing; nil: it does.
    package let storeFailure: StoreFailure?
    /// Whether it drains its connections to end.
    package let isEnding: Bool

    init(_ node: RelayNode) {
        counters = node.machine.counters
        badAcknowledgements = node.badAcknowledgements
        connections = node.machine.boundConnections
        devices = node.machine.boundDevices
        storeFailure = node.machine.storeFailure
        isEnding = node.machine.isShuttingDown
    }
}
