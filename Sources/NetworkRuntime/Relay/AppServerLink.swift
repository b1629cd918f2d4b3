import CloudMessaging
import NIOCore
import RelayMachine
import XMPP
import XMPPSessions

/// One connection of an app server: its transport, its session, and the machine behind the core.
final class AppServerLink: TransportEvents, RelayLink {
    /// Output that a peer may leave unread before we stop reading from it, too.
    private static let outputLimit = 1 << 20

    let id: ConnectionID
    var isUnflushed = false
    private(set) var isBound = false
    private let core: RelayCore
    private var session: RelayAppServerSession
    /// Nil once the connection is gone.
    private var transport: TLSTransport?
    private var isOpen = false
    private let loginTimer: LoginTimer
    /// Whether the peer leaves too much of our output unread.
    private var isOutputFull = false
    /// Whether the peer has too many requests without an answer: it is not read, and TCP tells it.
    private var isHeld = false
    private var lastWrite = NIODeadline.now()
    private var sender: SenderID?

    init(id: ConnectionID, core: RelayCore, session: RelayAppServerSession) {
        self.id = id
        self.core = core
        self.session = session
        loginTimer = LoginTimer(core.eventLoop, limit: core.settings.loginTimeout)
    }

    // MARK: Transport

    func transportBegan(_ transport: TLSTransport) {
        self.transport = transport
    }

    func transportOpened(_ transport: TLSTransport) {
        isOpen = true
        loginTimer.start { [unowned self] in
            session.isAwaitingDecision
        } expired: { [unowned self] fault in
            loginTimedOut(fault)
        }
    }

    func transport(_ transport: TLSTransport, received bytes: UnsafeRawBufferPointer) {
        session.receive(bytes)
        if core.settings.machine.quirks.idleTimeout != nil {
            core.machine.heard(from: id, now: core.clock.now)
        }
        handleEvents()
    }

    func transportReadComplete(_ transport: TLSTransport) {
        if transport.bufferedBytes > Self.outputLimit { isOutputFull = true }
        updateReading()
    }

    func transport(_ transport: TLSTransport, becameWritable isWritable: Bool) {
        core.machine.connectionBecameWritable(isWritable, id, now: core.clock.now)
        if isWritable { isOutputFull = false }
        updateReading()
        core.scheduleRound()
    }

    /// Reads unless the peer leaves too much unread, or has too many requests without an answer.
    private func updateReading() {
        guard let transport else { return }
        let isReading = !isOutputFull && !isHeld
        guard isReading != transport.isReading else { return }
        transport.isReading = isReading
        core.machine.connectionReading(isReading, id, now: core.clock.now)
    }

    func transportClosed(_ transport: TLSTransport, reason: TransportClosing) {
        self.transport = nil
        loginTimer.stop()
        core.log.disconnected(id, sender, reason: reason)
        core.closed(self)
    }

    private func loginTimedOut(_ fault: StreamFault) {
        core.log.refused(id, sender, .stream(fault))
        session.end(fault)
        core.touch(self)
    }

    // MARK: Session

    private func handleEvents() {
        // What came in one read came at one instant: the clock is read once for all of it.
        let now = core.clock.now
        while !isHeld, let event = session.nextEvent() { handle(event, now: now) }
        updateReading()
        if !session.output.isEmpty || session.isEnded { core.touch(self) }
    }

    private func handle(_ event: RelayAppServerSession.Event, now: Instant) {
        switch event {
        case .login(let sender, let key):
            logIn(sender, key: key)
        case .loginRefused(let fault):
            core.log.refused(id, nil, .login(fault))
        case .bound(let sender, let jid):
            isBound = true
            loginTimer.stop()
            core.log.bound(id, sender, jid.description)
            core.machine.connectionBound(id, sender: sender, now: now)
            core.scheduleRound()
        case .acknowledgement(let pair):
            core.machine.acknowledged(pair, on: id, now: now)
            core.scheduleRound()
        case .badAcknowledgement(let reason):
            core.badAcknowledgements += 1
            refused(.frame(reason))
        case .request(let request, let messageType):
            if let messageType { refused(.messageType(messageType)) }
            core.machine.requested(request, on: id, now: now)
            isHeld = !core.machine.takesRequests(on: id)
            core.scheduleRound()
        case .badRequest(let reason, let messageType):
            if let messageType { refused(.messageType(messageType)) }
            core.machine.requestWasIllFormed()
            refused(.frame(reason))
        case .unattributable(let reason):
            refused(.frame(reason))
        case .failed(let fault):
            refused(.stream(fault))
        case .ended:
            break
        }
    }

    private func logIn(_ sender: SenderID, key: String) {
        guard let refusal = core.machine.refusalOfLogin(sender: sender, key: key) else {
            self.sender = sender
            return session.acceptLogin()
        }
        core.log.refused(id, nil, .login(.refused(sender, refusal)))
        session.refuseLogin()
    }

    private func refused(_ diagnosis: Diagnosis) {
        core.log.refused(id, sender, diagnosis)
    }

    // MARK: Orders

    func transmit(_ message: UpstreamMessage) {
        session.transmit(message)
        core.touch(self)
    }

    func rejectAcknowledgement(_ pair: MessagePair) {
        session.rejectAcknowledgement(pair)
        core.touch(self)
    }

    func answer(_ answer: DownstreamAnswer, to addressee: String, _ id: MessageID) {
        session.answer(answer, to: addressee, id)
        core.touch(self)
    }

    /// Goes on with what was left unread.
    func resumeRequests() {
        isHeld = false
        handleEvents()
    }

    func announceDraining() {
        session.announceDraining()
        core.touch(self)
    }

    func end(_ reason: CloseReason) {
        let fault = StreamFault(reason)
        if let fault, reason != .shutdown { refused(.stream(fault)) }
        if reason == .idle { core.log.idle(id, sender) }
        let isSilent =
            reason == .tooManyConnections && core.settings.wire.overConnectionLimit == .close
        session.end(isSilent ? nil : fault)
        core.touch(self)
    }

    func flush() {
        guard let transport else { return }
        // A connection without a handshake has no stream to end.
        guard isOpen else { return session.isEnded ? transport.abort() : () }
        if !session.output.isEmpty {
            lastWrite = .now()
            transport.write(&session.output)
        }
        if session.isEnded { transport.close() }
    }

    func keepAlive(now: NIODeadline) {
        guard isBound, now - lastWrite >= core.settings.keepaliveSilence else { return }
        session.writeKeepalive()
        session.releaseMemory()
        core.touch(self)
    }
}

extension StreamFault {
    /// What ends a stream for a reason of the machine's; nil: nothing is wrong.
    init?(_ reason: CloseReason) {
        switch reason {
        case .drained, .idle: return nil
        case .tooManyConnections:
            self.init(.policyViolation, "the sender has as many connections as it may")
        case .replaced: self.init(.conflict, "a newer login of the same device")
        case .tooManyUploads:
            self.init(
                .policyViolation,
                "more than \(Limits.unansweredUploads) uploads without an answer")
        case .shutdown: self.init(.systemShutdown, "the relay ends")
        }
    }
}
