import CloudMessaging
import Faults
import RelayMachine
import XMPP
import XMPPSessions

/// One connection of an app server: its transport, its session, and the machine behind the node.
final class AppServerLink: TransportEvents, RelayLink {
    /// Output that a peer may leave unread before we stop reading from it, too.
    private static let outputLimit = 1 << 20

    let id: ConnectionID
    var isUnflushed = false
    private(set) var isBound = false
    let node: RelayNode
    let peer: String?
    var session: RelayAppServerSession
    /// Nil once the connection is gone.
    private(set) var transport: (any Transport)?
    private var isOpen = false
    private let loginTimer: LoginTimer
    /// Why the relay ended the connection, if it did.
    private var ownReason: CloseReason?
    /// Whether the peer leaves too much of our output unread.
    private var isOutputFull = false
    /// Whether the peer has too many requests without an answer: it is not read, and TCP tells it.
    private var isHeld = false
    private var lastWrite: Instant
    let openedAt: Instant
    private(set) var sender: SenderID?
    /// Whether its end was announced.
    private var isDraining = false
    private(set) lazy var faults = LinkFaults(self, node)
    var stunned = Stun()

    init(id: ConnectionID, peer: String?, node: RelayNode, session: RelayAppServerSession) {
        self.id = id
        self.peer = peer
        self.node = node
        self.session = session
        lastWrite = node.now
        openedAt = lastWrite
        loginTimer = LoginTimer(node.scheduler, limit: node.settings.loginTimeout)
    }

    // MARK: Transport

    func transportBegan(_ transport: any Transport) {
        self.transport = transport
        node.observer.opened(id, peer: peer)
    }

    func transportOpened(_ transport: any Transport) {
        isOpen = true
        loginTimer.start { [unowned self] in
            session.isAwaitingDecision || stunned.bindingAnswer != nil
        } expired: { [unowned self] fault in
            loginTimedOut(fault)
        }
    }

    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer) {
        guard !stunned.isMute else { return }
        session.receive(bytes)
        if node.settings.machine.quirks.idleTimeout != nil {
            node.machine.heard(from: id, now: node.now)
        }
        handleEvents()
    }

    func transportReadComplete(_ transport: any Transport) {
        if transport.bufferedBytes > Self.outputLimit { isOutputFull = true }
        updateReading()
    }

    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {
        node.machine.connectionBecameWritable(isWritable, id, now: node.now)
        if isWritable { isOutputFull = false }
        updateReading()
        node.scheduleRound()
    }

    /// Reads unless the peer leaves too much unread, or has too many requests without an answer.
    private func updateReading() {
        guard let transport, !stunned.isMute else { return }
        let isReading = !isOutputFull && !isHeld && stunned.bindingAnswer == nil
        guard isReading != transport.isReading else { return }
        transport.isReading = isReading
        node.machine.connectionReading(isReading, id, now: node.now)
    }

    func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        self.transport = nil
        loginTimer.stop()
        node.observer.disconnected(
            id, sender, reason: stunned.reason ?? reason.becoming(ownReason))
        node.closed(self)
    }

    private func loginTimedOut(_ fault: StreamFault) {
        node.observer.refused(id, sender, .stream(fault))
        session.end(fault)
        node.touch(self)
    }

    // MARK: Session

    func handleEvents() {
        // What came in one read came at one instant: the clock is read once for all of it.
        let now = node.now
        while !isHeld, !stunned.isWaiting, let event = session.nextEvent() {
            handle(event, now: now)
        }
        updateReading()
        if !session.output.isEmpty || session.isEnded { node.touch(self) }
    }

    private func handle(_ event: RelayAppServerSession.Event, now: Instant) {
        switch event {
        case .login(let sender, let key):
            meet(.login(sender, key: key), at: .login)
        case .loginRefused(let fault):
            node.observer.refused(id, nil, .login(fault))
        case .bound(let sender, let jid):
            meet(.binding(sender, jid), at: .connection)
        case .acknowledgement(let pair):
            guard !mayBeBitten(at: .upstreamAck) else {
                return faults.meet(.acknowledgement(pair))
            }
            let use = acknowledged(pair, now: now)
            node.hearer?.passed(.acknowledgement(pair, use, id))
        case .badAcknowledgement(let reason):
            node.badAcknowledgements += 1
            refused(.frame(reason, answer: .badAcknowledgement))
        case .request(let request, let messageType):
            if let messageType { refused(.messageType(messageType)) }
            meet(.request(request), at: .downstreamStanza)
        case .badRequest(let reason, let messageType):
            if let messageType { refused(.messageType(messageType)) }
            node.machine.requestWasIllFormed()
            refused(.frame(reason, answer: .invalidJSON))
        case .unattributable(let reason):
            refused(.frame(reason, answer: nil))
        case .failed(let fault):
            refused(.stream(fault))
        case .ended:
            break
        }
    }

    // MARK: What came

    func bind(_ sender: SenderID, _ jid: JID) {
        isBound = true
        loginTimer.stop()
        node.observer.bound(id, sender, jid.description)
        node.machine.connectionBound(id, sender: sender, now: node.now)
        node.scheduleRound()
    }

    func acknowledged(_ pair: MessagePair, now: Instant) -> AcknowledgementUse {
        node.scheduleRound()
        return node.machine.acknowledged(pair, on: id, now: now)
    }

    func requested(_ request: DownstreamRequest) {
        node.machine.requested(request, on: id, now: node.now)
        isHeld = !ask(&node.machine) { $0.takesRequests(on: id) }
        node.scheduleRound()
    }

    func logIn(_ sender: SenderID, key: String) {
        guard let refusal = node.machine.refusalOfLogin(sender: sender, key: key) else {
            self.sender = sender
            node.observer.loggedIn(id, sender)
            return session.acceptLogin()
        }
        node.observer.refused(id, nil, .login(.refused(sender, refusal)))
        session.refuseLogin()
    }

    private func refused(_ diagnosis: Diagnosis) {
        node.observer.refused(id, sender, diagnosis)
    }

    // MARK: Orders

    func transmit(_ message: UpstreamMessage, attempt: Int) {
        let point: FaultPoint = message.kind == .receipt ? .receipt : .upstreamStanza
        guard !mayBeBitten(at: point) else {
            return faults.meet(.message(message, attempt: attempt))
        }
        session.transmit(message)
        node.touch(self)
    }

    func rejectAcknowledgement(_ pair: MessagePair) {
        node.hearer?.passed(.acknowledgementRejected(pair, id))
        session.rejectAcknowledgement(pair)
        node.touch(self)
    }

    func answer(_ answer: DownstreamAnswer, to addressee: String, _ message: MessageID) {
        guard !mayBeBitten(at: .downstreamAnswer) else {
            return faults.meet(.answer(answer, to: addressee, message))
        }
        write(answer, to: addressee, message)
    }

    func write(_ answer: DownstreamAnswer, to addressee: String, _ message: MessageID) {
        node.hearer?.passed(.answer(answer, to: addressee, message, id))
        session.answer(answer, to: addressee, message)
        node.touch(self)
    }

    /// Goes on with what was left unread.
    func resumeRequests() {
        isHeld = false
        handleEvents()
    }

    func announceDraining() {
        guard !isDraining else { return }
        isDraining = true
        node.observer.draining(id)
        session.announceDraining()
        node.touch(self)
    }

    func end(_ reason: CloseReason) {
        ownReason = ownReason ?? reason
        let fault = StreamFault(reason)
        if let fault, reason != .shutdown { refused(.stream(fault)) }
        if reason == .idle { node.observer.idle(id, sender) }
        let isSilent =
            reason == .tooManyConnections && node.settings.wire.overConnectionLimit == .close
        session.end(isSilent ? nil : fault)
        node.touch(self)
    }

    func flush(now: Instant) {
        guard let transport else { return }
        // A connection without a handshake has no stream to end.
        guard isOpen else { return session.isEnded ? transport.abort() : () }
        guard !stunned.isMute else {
            session.output.removeAll()
            return session.isEnded ? transport.abort() : ()
        }
        if !session.output.isEmpty {
            lastWrite = now
            transport.write(&session.output)
        }
        if session.isEnded { transport.close() }
    }

    func keepAlive(now: Instant) {
        guard isBound, lastWrite.duration(to: now) >= node.settings.keepaliveSilence else { return }
        session.writeKeepalive()
        session.releaseMemory()
        node.touch(self)
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
