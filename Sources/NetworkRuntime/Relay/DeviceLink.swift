import CloudMessaging
import NIOCore
import RelayMachine
import XMPP
import XMPPSessions

/// One connection of a device: its transport, its session, and the machine behind the core.
final class DeviceLink: TransportEvents, RelayLink {
    let id: DeviceStreamID
    var isUnflushed = false
    private let core: RelayCore
    private var session: RelayDeviceSession
    /// Nil once the connection is gone.
    private var transport: TLSTransport?
    private var isOpen = false
    private let loginTimer: LoginTimer
    private var lastWrite = NIODeadline.now()
    private var isBound = false

    init(id: DeviceStreamID, core: RelayCore, session: RelayDeviceSession) {
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
        updateReading()
    }

    func transport(_ transport: TLSTransport, received bytes: UnsafeRawBufferPointer) {
        session.receive(bytes)
        handleEvents()
    }

    func transportReadComplete(_ transport: TLSTransport) {}

    func transport(_ transport: TLSTransport, becameWritable isWritable: Bool) {
        // Answers to a device are few bytes a stanza; one that reads none of them sends no more.
        updateReading()
    }

    func transportClosed(_ transport: TLSTransport, reason: TransportClosing) {
        self.transport = nil
        loginTimer.stop()
        core.log.disconnected(id, reason: reason)
        core.closed(self)
    }

    private func loginTimedOut(_ fault: StreamFault) {
        core.log.refused(id, .stream(fault))
        session.end(fault)
        core.touch(self)
    }

    // MARK: Session

    private func handleEvents() {
        // What came in one read came at one instant: the clock is read once for all of it.
        let now = core.clock.now
        while let event = session.nextEvent() { handle(event, now: now) }
        if !session.output.isEmpty || session.isEnded { core.touch(self) }
    }

    private func handle(_ event: RelayDeviceSession.Event, now: Instant) {
        switch event {
        case .checkIn:
            core.machine.checkIn(on: id)
        case .login(let device, let securityToken):
            core.machine.authenticate(device, securityToken: securityToken, on: id)
        case .loginRefused(let fault):
            core.log.refused(id, .login(fault))
        case .bound:
            isBound = true
            loginTimer.stop()
            core.machine.deviceBound(on: id)
        case .ready:
            core.machine.deviceReady(on: id, now: now)
        case .delivered(let count):
            core.machine.delivered(count, on: id, now: now)
        case .register(let category, let senders, let request):
            core.machine.register(category, senders: senders, request: request, on: id)
        case .appRequest(let appRequest, let category, let request):
            core.machine.appRequested(appRequest, of: category, request: request, on: id)
        case .appIsGone(let category):
            core.machine.appIsGone(category, on: id)
        case .upload(let upload, let ticket):
            core.machine.uploaded(upload, ticket: ticket, on: id, now: now)
        case .unusableUpload(let refusal, let ticket):
            core.machine.uploadRefused(refusal, ticket: ticket, on: id)
        case .failed(let fault):
            core.log.refused(id, .stream(fault))
        case .ended:
            break
        }
        core.scheduleRound()
    }

    // MARK: Orders

    func answerCheckIn(_ identity: DeviceIdentity) {
        session.answerCheckIn(identity)
        core.log.checkedIn(identity.id, id)
        core.touch(self)
    }

    func acceptLogin(_ device: DeviceID) {
        session.acceptLogin()
        handleEvents()
        core.touch(self)
    }

    func refuseLogin() {
        core.log.refused(id, .login(.unknownDevice))
        session.refuseLogin()
        core.touch(self)
    }

    func answerRegistration(_ registration: AppRegistration, request: String) {
        session.answerRegistration(registration, request: request)
        core.touch(self)
    }

    func refuse(_ error: UpstreamError, reason: String, request: String) {
        session.refuse(error, reason: reason, request: request)
        core.touch(self)
    }

    func answer(_ answer: AppRequest.Answer, request: String) {
        session.answer(answer, request: request)
        core.touch(self)
    }

    func finish(_ first: Ticket, count: Int) {
        session.finish(first, count: count)
        core.touch(self)
    }

    func deliver(_ delivery: Delivery) {
        session.deliver(delivery)
        core.touch(self)
    }

    func refuse(_ upload: UploadID?, _ error: UpstreamError, _ ticket: Ticket) {
        session.refuse(upload, error, ticket)
        core.touch(self)
    }

    func end(_ reason: CloseReason) {
        let fault = StreamFault(reason)
        if let fault, reason != .shutdown { core.log.refused(id, .stream(fault)) }
        session.end(fault)
        core.touch(self)
    }

    /// Reads unless all uploads are paused or this device reads none of our answers.
    func updateReading() {
        guard let transport, isOpen else { return }
        transport.isReading = transport.isWritable && !core.uploadsArePaused
    }

    /// One acknowledgement a round covers all that the round dealt with.
    func flush() {
        guard let transport else { return }
        // A connection without a handshake has no stream to end.
        guard isOpen else { return session.isEnded ? transport.abort() : () }
        session.writeAcknowledgements()
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
