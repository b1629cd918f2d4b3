import CloudMessaging
import DequeModule

/// One direction of a connection: bytes that were written and not yet read, in order.
final class Pipe {
    /// What travels: bytes, or how one side ended.
    enum Parcel {
        case bytes([UInt8])
        /// The writer closed in order, after its bytes.
        case end
    }

    private let world: World
    private var entropy: Entropy
    private let settings: NetworkSettings
    /// The end that reads.
    private(set) weak var reader: SimulatedTransport?
    /// Whether bytes arrive at present: no partition, nobody holds them, nobody is silent.
    var isPassable = true {
        didSet { passableChanged() }
    }
    /// Parcels on their way, with when they arrive.
    private var underway: Deque<(arrival: Instant, parcel: Parcel)> = []
    private var lastArrival: Instant
    private var isArrivalScheduled = false
    /// When the first parcel was due that cannot arrive.
    private(set) var blockedSince: Instant?
    /// What arrived and was not read.
    private var arrived: [UInt8] = []
    private var hasEnded = false
    private var isReadScheduled = false
    private(set) var isDead = false
    /// Bytes that the reader has not read.
    private(set) var backlog = 0
    /// Called when the backlog shrank.
    var drained: () -> Void = {}
    /// Called when nothing could arrive for the user time-out.
    var timedOut: () -> Void = {}
    /// Whether blocked bytes are given up after a while: not while somebody merely holds them.
    var timesOut = true

    init(to reader: SimulatedTransport, in world: World, settings: NetworkSettings) {
        self.reader = reader
        self.world = world
        self.settings = settings
        entropy = world.forkEntropy()
        lastArrival = world.now
    }

    // MARK: The writer

    func write(_ parcel: Parcel) {
        guard !isDead else { return }
        if case .bytes(let bytes) = parcel { backlog += bytes.count }
        underway.append((travel(), parcel))
        scheduleArrival()
    }

    /// Nothing arrives any more.
    func kill() {
        isDead = true
        underway = []
        arrived = []
        backlog = 0
    }

    /// Nothing arrives before this instant.
    func delay(until instant: Instant) {
        lastArrival = max(lastArrival, instant)
    }

    /// When what is written now arrives.
    func travel() -> Instant {
        var delay = settings.latency
        if settings.jitter > .zero { delay += settings.jitter.scaled(by: entropy.nextFraction()) }
        lastArrival = max(lastArrival, world.now + delay)
        return lastArrival
    }

    // MARK: Arrival

    private func scheduleArrival() {
        guard !isArrivalScheduled, let next = underway.first else { return }
        isArrivalScheduled = true
        world.schedule(at: next.arrival) { [weak self] in
            guard let self else { return }
            isArrivalScheduled = false
            arrive()
        }
    }

    private func arrive() {
        guard !isDead, let next = underway.first else { return }
        guard isPassable else { return block() }
        guard next.arrival <= world.now else { return scheduleArrival() }
        underway.removeFirst()
        switch next.parcel {
        case .bytes(let bytes): arrived += bytes
        case .end: hasEnded = true
        }
        scheduleRead(after: settings.coalesce)
        scheduleArrival()
    }

    private func block() {
        guard blockedSince == nil else { return }
        let since = world.now
        blockedSince = since
        world.schedule(after: NetworkSettings.userTimeout) { [weak self] in
            guard let self, !isDead, timesOut, blockedSince == since else { return }
            timedOut()
        }
    }

    private func passableChanged() {
        guard isPassable, blockedSince != nil || !underway.isEmpty else { return }
        blockedSince = nil
        // What was lost is sent again, and needs its time.
        world.schedule(after: settings.latency) { [weak self] in self?.arrive() }
    }

    // MARK: The reader

    /// Reads go on after they were held.
    func resumeReading() {
        scheduleRead(after: .zero)
    }

    private func scheduleRead(after delay: Duration) {
        guard !isReadScheduled, !isDead, !arrived.isEmpty || hasEnded else { return }
        isReadScheduled = true
        world.schedule(after: delay) { [weak self] in
            guard let self else { return }
            isReadScheduled = false
            read()
        }
    }

    private func read() {
        guard !isDead, let reader else { return }
        // A kernel answers for a process that is gone.
        guard !reader.isClosed else { return reader.resetPeer() }
        guard reader.takesReads else { return }
        if arrived.isEmpty {
            if hasEnded { reader.peerClosed() }
            return
        }
        let count = readSize()
        let bytes = Array(arrived.prefix(count))
        arrived.removeFirst(count)
        backlog -= count
        reader.read(bytes)
        drained()
        scheduleRead(after: .zero)
    }

    private func readSize() -> Int {
        guard let most = settings.fragment, most > 0 else { return arrived.count }
        return min(arrived.count, 1 + Int(entropy.next() % UInt64(most)))
    }
}
