import CloudMessaging
import Nodes

/// One end of a connection in memory: what is written arrives at the other end a millisecond later.
final class MemoryTransport: Transport {
    static let latency = Duration.milliseconds(1)

    private let scheduler: VirtualScheduler
    private let owner: any TransportEvents
    private weak var peer: MemoryTransport?
    private var unread: [UInt8] = []
    private var isClosed = false
    let isWritable = true
    let bufferedBytes = 0

    var isReading = true {
        didSet { if isReading, !oldValue { scheduler.afterReady { self.deliver() } } }
    }

    private init(_ scheduler: VirtualScheduler, owner: any TransportEvents) {
        self.scheduler = scheduler
        self.owner = owner
    }

    /// Connects two owners; the first end is that of the one who called.
    static func connect(
        _ caller: any TransportEvents, _ callee: any TransportEvents,
        on scheduler: VirtualScheduler
    ) -> MemoryTransport {
        let near = MemoryTransport(scheduler, owner: caller)
        let far = MemoryTransport(scheduler, owner: callee)
        (near.peer, far.peer) = (far, near)
        // Each end keeps the other until both are closed.
        near.keeper = far
        far.keeper = near
        for end in [far, near] { end.owner.transportBegan(end) }
        scheduler.afterReady {
            for end in [far, near] where !end.isClosed { end.owner.transportOpened(end) }
        }
        return near
    }

    private var keeper: MemoryTransport?

    func write(_ plaintext: inout [UInt8]) {
        guard !isClosed, !plaintext.isEmpty else { return plaintext.removeAll() }
        let bytes = plaintext
        plaintext.removeAll()
        after { $0.arrive(bytes) }
    }

    func close() { end(here: .clean, there: .clean) }

    func abort() { end(here: .failed("aborted"), there: .failed("connection reset by peer")) }

    private func end(here: TransportClosing, there: TransportClosing) {
        guard !isClosed else { return }
        isClosed = true
        after { $0.closed(there) }
        scheduler.afterReady { self.owner.transportClosed(self, reason: here) }
    }

    private func after(_ work: @escaping (MemoryTransport) -> Void) {
        guard let peer else { return }
        _ = scheduler.schedule(at: scheduler.now + Self.latency) { work(peer) }
    }

    private func arrive(_ bytes: [UInt8]) {
        unread += bytes
        deliver()
    }

    private func deliver() {
        guard isReading, !isClosed, !unread.isEmpty else { return }
        let bytes = unread
        unread = []
        bytes.withUnsafeBytes { owner.transport(self, received: $0) }
        owner.transportReadComplete(self)
    }

    private func closed(_ reason: TransportClosing) {
        keeper = nil
        guard !isClosed else { return }
        isClosed = true
        owner.transportClosed(self, reason: reason)
    }
}
