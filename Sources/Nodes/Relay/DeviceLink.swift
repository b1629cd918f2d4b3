import CloudMessaging
import RelayMachine
import XMPP
import XMPPSessions

/// One connection of a device: its transport, its session, and the machine behind the node.
final class DeviceLink: TransportEvents, RelayLink {
    let id: DeviceStreamID
    var isUnflushed = false
    private let node: RelayNode
    let peer: String?
    private var session: RelayDeviceSession
    /// Nil once the connection is gone.
    private(set) var transport: (any Transport)?
    private var isOpen = false
    private let loginTimer: LoginTimer
    /// Why the relay ended the connection, if it did.
    private var ownReason: CloseReason?
    private var lastWrite: Instant
    let openedAt: Instant
    private(set) var isBound = false
    /// Nothing is read or written any more, and nobody is told.
    private(set) var isSilent = false

    init(id: DeviceStreamID, peer: String?, node: RelayNode, session: RelayDeviceSession) {
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
            session.isAwaitingDecision
        } expired: { [unowned self] fault in
            loginTimedOut(fault)
        }
        updateReading()
    }

    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer) {
        guard !isSilent else { return }
        session.receive(bytes)
        handleEvents()
    }

    func transportReadComplete(_ transport: any Transport) {}

    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {
        // Answers to a device are few bytes a stanza; one that reads none of them sends no more.
        updateReading()
    }

    func transportClosed(_ transport: any Transport, reason: TransportClosing) {
        self.transport = nil
        loginTimer.stop()
        node.observer.disconnected(id, reason: reason.becoming(ownReason))
        node.closed(self)
    }

    private func loginTimedOut(_ fault: StreamFault) {
        node.observer.refused(id, .stream(fault))
        session.end(fault)
        node.touch(self)
    }

    // MARK: Session

    private func handleEvents() {
        // What came in one read came at one instant: the clock is read once for all of it.
        let now = node.now
        while !isSilent, let event = session.nextEvent() { handle(event, now: now) }
        if !session.output.isEmpty || session.isEnded { node.touch(self) }
    }

    private func handle(_ event: RelayDeviceSession.Event, now: Instant) {
        if let hearer = node.hearer, let stanza = RelayStanza(event, on: id) {
            hearer.passed(stanza)
        }
        switch event {
        case .checkIn:
            node.machine.checkIn(on: id)
        case .login(let device, let securityToken):
            node.machine.authenticate(device, securityToken: securityToken, on: id)
        case .loginRefused(let fault):
            node.observer.refused(id, .login(fault))
        case .bound:
            isBound = true
            loginTimer.stop()
            node.observer.bound(id)
            node.machine.deviceBound(on: id)
        case .ready:
            node.machine.deviceReady(on: id, now: now)
        case .delivered(let count):
            node.machine.delivered(count, on: id, now: now)
        case .register(let category, let senders, let request):
            node.machine.register(category, senders: senders, request: request, on: id)
        case .appRequest(let appRequest, let category, let request):
            node.machine.appRequested(appRequest, of: category, request: request, on: id)
        case .appIsGone(let category, _):
            node.machine.appIsGone(category, on: id)
        case .upload(let upload, let ticket):
            node.machine.uploaded(upload, ticket: ticket, on: id, now: now)
        case .unusableUpload(let refusal, let ticket):
            node.machine.uploadRefused(refusal, ticket: ticket, on: id)
        case .failed(let fault):
            node.observer.refused(id, .stream(fault))
        case .ended:
            break
        }
        node.scheduleRound()
    }

    private func tell(_ stanza: @autoclosure () -> RelayStanza) {
        node.hearer?.passed(stanza())
    }

    // MARK: Orders

    func answerCheckIn(_ identity: DeviceIdentity) {
        session.answerCheckIn(identity)
        node.observer.checkedIn(identity.id, id)
        node.touch(self)
    }

    func acceptLogin(_ device: DeviceID) {
        node.observer.loggedIn(id, device)
        session.acceptLogin()
        handleEvents()
        node.touch(self)
    }

    func refuseLogin() {
        node.observer.refused(id, .login(.unknownDevice))
        session.refuseLogin()
        node.touch(self)
    }

    func answerRegistration(_ registration: AppRegistration, request: String) {
        tell(.registered(registration, request: request, id))
        session.answerRegistration(registration, request: request)
        node.touch(self)
    }

    func refuse(_ error: UpstreamError, reason: String, request: String) {
        tell(.registrationRefused(error, reason: reason, request: request, id))
        session.refuse(error, reason: reason, request: request)
        node.touch(self)
    }

    func answer(_ answer: AppRequest.Answer, request: String) {
        tell(.appRequestAnswered(answer, request: request, id))
        session.answer(answer, request: request)
        node.touch(self)
    }

    func finish(_ first: Ticket, count: Int) {
        tell(.taken(first, count: count, id))
        session.finish(first, count: count)
        node.touch(self)
    }

    func deliver(_ delivery: Delivery) {
        tell(.delivery(delivery, id))
        session.deliver(delivery)
        node.touch(self)
    }

    func refuse(_ upload: UploadID?, _ error: UpstreamError, _ ticket: Ticket) {
        session.refuse(upload, error, ticket)
        node.touch(self)
    }

    func end(_ reason: CloseReason) {
        ownReason = ownReason ?? reason
        let fault = StreamFault(reason)
        if let fault, reason != .shutdown { node.observer.refused(id, .stream(fault)) }
        session.end(fault)
        node.touch(self)
    }

    /// Reads unless all uploads are paused or this device reads none of our answers.
    func updateReading() {
        guard let transport, isOpen, !isSilent else { return }
        transport.isReading = transport.isWritable && !node.uploadsArePaused
    }

    /// One acknowledgement a round covers all that the round dealt with.
    func flush(now: Instant) {
        guard let transport else { return }
        // A connection without a handshake has no stream to end.
        guard isOpen else { return session.isEnded ? transport.abort() : () }
        guard !isSilent else {
            session.output.removeAll()
            return session.isEnded ? transport.abort() : ()
        }
        session.writeAcknowledgements()
        if !session.output.isEmpty {
            lastWrite = now
            transport.write(&session.output)
        }
        if session.isEnded { transport.close() }
    }

    /// Ends the stream, and the connection after it.
    func finish() {
        session.end(nil)
        node.touch(self)
    }

    /// From here on neither end hears the other, and the device does not know.
    func fallSilent() {
        flush(now: node.now)
        transport?.isReading = false
        isSilent = true
    }

    func keepAlive(now: Instant) {
        guard isBound, lastWrite.duration(to: now) >= node.settings.keepaliveSilence else { return }
        session.writeKeepalive()
        session.releaseMemory()
        node.touch(self)
    }
}

extension RelayStanza {
    /// What a device sent; nil: nothing that concerns a message or an app.
    fileprivate init?(_ event: RelayDeviceSession.Event, on id: DeviceStreamID) {
        switch event {
        case .checkIn: self = .checkIn(id)
        case .delivered(let count): self = .deliveriesAcknowledged(count, id)
        case .register(let category, let senders, let request):
            self = .registration(category, senders, request: request, id)
        case .appRequest(let appRequest, let category, let request):
            self = .appRequest(appRequest, category, request: request, id)
        case .appIsGone(let category, let message):
            self = .deliveryRefused(category, message, id)
        case .upload(let upload, let ticket): self = .upload(upload, ticket, id)
        case .unusableUpload(let refusal, let ticket):
            self = .unusableUpload(refusal, ticket, id)
        case .login, .loginRefused, .bound, .ready, .failed, .ended: return nil
        }
    }
}
