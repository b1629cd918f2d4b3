import CloudMessaging
import NIOCore
import NetworkRuntime
import Nodes

/// One end of a connection of the play, between its node and TLS on a socket: here it is cut.
final class SocketEnd: Transport, TransportEvents {
    private enum State {
        case open
        /// Nothing comes through any more, and nobody is told.
        case silent
        /// The owner was told, or is gone.
        case closed
    }

    /// As long as a kernel tries to reach a peer that acknowledges nothing.
    private static let userTimeout = Duration.seconds(30)

    private let life: ProcessLife
    private var owner: (any TransportEvents)?
    /// Told before the owner hears that the handshake is complete.
    private let willOpen: () -> Void
    private var transport: TLSTransport?
    private var state = State.open
    private var cutReason: TransportClosing?
    private var timeout: (any ScheduledWork)?

    init(
        of owner: any TransportEvents, in life: ProcessLife,
        willOpen: @escaping () -> Void = {}
    ) {
        self.owner = owner
        self.life = life
        self.willOpen = willOpen
    }

    var isClosed: Bool { state == .closed }

    // MARK: What goes wrong

    /// Ends the connection with a reset on the wire.
    func reset() {
        guard state == .open else { return }
        cutReason = .failed("the connection was reset")
        transport?.reset()
    }

    /// From here on neither end hears the other, and neither knows.
    func fallSilent() {
        if state == .open { state = .silent }
    }

    /// The process is gone, without a word to its peer; the kernel hangs up.
    func vanish() {
        owner = nil
        timeout?.cancel()
        let wasOpen = state == .open
        state = .closed
        if wasOpen { transport?.abort() }
    }

    // MARK: What the node orders

    func write(_ plaintext: inout [UInt8]) {
        switch state {
        case .open: transport?.write(&plaintext)
        case .silent:
            if !plaintext.isEmpty { loseBytes() }
            plaintext.removeAll(keepingCapacity: true)
        case .closed: plaintext.removeAll(keepingCapacity: true)
        }
    }

    private func loseBytes() {
        guard timeout == nil else { return }
        let work: () -> Void = { [weak self] in
            self?.finish(.failed("the peer acknowledged nothing for 30 s"))
        }
        timeout = life.schedule(at: life.now + Self.userTimeout, work)
    }

    func close() {
        guard state == .silent else {
            transport?.close()
            return
        }
        life.afterReady { [self] in finish(.clean) }
    }

    func abort() {
        guard state == .silent else {
            transport?.abort()
            return
        }
        life.afterReady { [self] in finish(.clean) }
    }

    var isReading: Bool {
        get { transport?.isReading ?? true }
        set { transport?.isReading = newValue }
    }

    var isWritable: Bool { state != .open || transport?.isWritable ?? false }

    var bufferedBytes: Int { state == .open ? transport?.bufferedBytes ?? 0 : 0 }

    // MARK: What TLS tells

    func transportBegan(_ transport: any Transport) {
        self.transport = transport as? TLSTransport
        tell { $0.transportBegan(self) }
    }

    func transportOpened(_ transport: any Transport) {
        willOpen()
        tell { $0.transportOpened(self) }
    }

    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer) {
        tell { $0.transport(self, received: bytes) }
    }

    func transportReadComplete(_ transport: any Transport) {
        tell { $0.transportReadComplete(self) }
    }

    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {
        tell { $0.transport(self, becameWritable: isWritable) }
    }

    func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        self.transport = nil
        if state == .open { finish(cutReason ?? reason) }
    }

    private func tell(_ event: (any TransportEvents) -> Void) {
        guard state == .open, let owner else { return }
        life.run { event(owner) }
    }

    private func finish(_ reason: TransportClosing) {
        guard state != .closed else { return }
        let wasSilent = state == .silent
        state = .closed
        timeout?.cancel()
        let owner = owner
        self.owner = nil
        // What nobody reads must not stay open; the other end is deaf by now.
        if wasSilent { transport?.abort() }
        life.run { owner?.transportClosed(self, reason: reason) }
    }
}
