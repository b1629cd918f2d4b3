import CloudMessaging
import Nodes

/// One end of a connection in the simulated network, as its node sees it.
///
/// Stands for TLS over TCP: bytes come complete and in order, or the connection breaks.
final class SimulatedTransport: Transport {
    private enum State {
        /// Connected, before the handshake is complete.
        case shaking
        case open
        /// Our last words are said; the peer's hanging up is awaited.
        case closing
        case closed
    }

    private let world: World
    private let life: Life
    private var owner: (any TransportEvents)?
    private let failed: (TransportClosing) -> Void
    private var hasBegun = false
    private var state = State.shaking
    private var isFull = false
    /// What this end writes.
    private(set) var output: Pipe?
    private(set) weak var peer: SimulatedTransport?

    /// - Parameter failed: told instead of the owner if the connection ends before it began.
    init(
        in world: World, life: Life, owner: any TransportEvents,
        failed: @escaping (TransportClosing) -> Void = { _ in }
    ) {
        self.failed = failed
        self.world = world
        self.life = life
        self.owner = owner
    }

    func join(_ peer: SimulatedTransport, output: Pipe) {
        self.peer = peer
        self.output = output
        output.drained = { [weak self] in self?.outputDrained() }
        output.timedOut = { [weak self] in
            self?.breakOff(.failed("the peer acknowledged nothing for 30 s"))
        }
    }

    // MARK: What the owner orders

    func write(_ plaintext: inout [UInt8]) {
        defer { plaintext.removeAll(keepingCapacity: true) }
        guard !plaintext.isEmpty, state == .open, let output else { return }
        output.write(.bytes(plaintext))
        guard !isFull, unsentBytes > NetworkSettings.waterMark.high else { return }
        isFull = true
        tell { [self] in owner?.transport(self, becameWritable: false) }
    }

    func close() {
        guard state == .open || state == .shaking else { return }
        state = .closing
        output?.write(.end)
        world.schedule(after: NetworkSettings.lingerTimeout) { [weak self] in
            self?.finish(.clean)
        }
    }

    func abort() {
        guard state != .closed else { return }
        resetPeer()
        tell { [self] in finish(.clean) }
    }

    var isReading = true {
        didSet {
            if isReading, !oldValue { peer?.output?.resumeReading() }
        }
    }

    var isWritable: Bool { state == .open && !isFull }

    var bufferedBytes: Int { unsentBytes }

    private var unsentBytes: Int {
        max(0, (output?.backlog ?? 0) - NetworkSettings.socketBuffers)
    }

    private func outputDrained() {
        guard isFull, unsentBytes < NetworkSettings.waterMark.low else { return }
        isFull = false
        tell { [self] in owner?.transport(self, becameWritable: true) }
    }

    // MARK: What the network does

    func begin() {
        guard state != .closed else { return }
        hasBegun = true
        life.run { owner?.transportBegan(self) }
    }

    func opened() {
        guard state == .shaking else { return }
        state = .open
        life.run { owner?.transportOpened(self) }
    }

    /// Whether bytes that arrived may be handed over.
    var takesReads: Bool { (state == .open && isReading) || state == .closing }

    func read(_ bytes: [UInt8]) {
        guard state == .open else { return }
        life.run {
            bytes.withUnsafeBytes { owner?.transport(self, received: $0) }
            owner?.transportReadComplete(self)
        }
    }

    /// The peer has closed in order, and all that it wrote was read.
    func peerClosed() {
        switch state {
        case .shaking, .open:
            output?.write(.end)
            finish(.clean)
        case .closing: finish(.clean)
        case .closed: break
        }
    }

    /// The connection is broken: this end is told, and the peer once it is reached.
    func breakOff(_ reason: TransportClosing) {
        guard state != .closed else { return }
        resetPeer()
        finish(reason)
        output?.kill()
    }

    /// The process is gone. Its kernel sends what was written and then resets the connection; of a
    /// machine without power nothing comes, and the peer finds out by itself.
    func vanish(_ death: Death) {
        owner = nil
        guard state != .closed else { return }
        state = .closed
        switch death {
        case .crash: resetPeer()
        case .powerCut:
            output?.kill()
            world.schedule(after: NetworkSettings.keepAlive) { [weak peer] in
                peer?.breakOff(.failed("the peer does not answer any more"))
            }
        }
    }

    var isClosed: Bool { state == .closed }

    /// Has the peer find out that this end is gone, if word reaches it.
    func resetPeer() {
        guard let output, let peer, output.isPassable else { return }
        world.schedule(at: output.travel()) { [weak peer] in
            peer?.finish(.failed("the peer reset the connection"))
        }
    }

    private func finish(_ reason: TransportClosing) {
        guard state != .closed else { return }
        state = .closed
        let owner = owner
        self.owner = nil
        guard hasBegun else { return life.run { failed(reason) } }
        life.run { owner?.transportClosed(self, reason: reason) }
    }

    /// After what the owner does now: a transport never calls back from within an order.
    private func tell(_ work: @escaping () -> Void) {
        life.afterReady(work)
    }
}
