import AppServerMachine
import CloudMessaging
import NIOCore
import TLSEngine
import XMPPSessions

/// An app server on its event loop: hands events to the machine and carries out its actions.
final class AppServerCore {
    let eventLoop: any EventLoop
    let clock: MonotonicClock
    private(set) var machine: AppServerMachine
    private let login: AppServerLogin
    private let tls: TLSContext
    private var observe: @Sendable ([AppServerEvent]) -> Void
    private let rounds: Rounds
    private var uplinks: [AppServerConnectionID: AppServerUplink] = [:]
    private var unflushed: [AppServerUplink] = []
    private var events: [AppServerEvent] = []
    /// Whom to tell what became of a request.
    private var waiting: [DownstreamRequestID: DownstreamCompletion] = [:]
    private var finished: [EventLoopPromise<Void>] = []
    private var isReading = true

    init(
        eventLoop: any EventLoop, clock: MonotonicClock, machine: AppServerMachine,
        login: AppServerLogin, tls: TLSContext,
        observe: @escaping @Sendable ([AppServerEvent]) -> Void
    ) {
        self.eventLoop = eventLoop
        self.clock = clock
        self.machine = machine
        self.login = login
        self.tls = tls
        self.observe = observe
        rounds = Rounds(eventLoop: eventLoop, clock: clock)
        rounds.start { [weak self] in self?.endRound() }
    }

    /// Lets the machine handle an event.
    func perform<Answer>(_ event: (inout AppServerMachine, Instant) -> Answer) -> Answer {
        defer { rounds.schedule() }
        return event(&machine, clock.now)
    }

    /// Ends the app server; the promise is kept when every connection has hung up.
    func stop(_ promise: EventLoopPromise<Void>) {
        finished.append(promise)
        perform { machine, now in machine.stop(now: now) }
    }

    /// Sends a message downstream; the completion is called once, unless it is abandoned.
    func send(_ request: DownstreamRequest, _ completion: @escaping DownstreamCompletion) {
        waiting[request.id] = completion
        perform { machine, now in machine.send(request, now: now) }
    }

    /// Nobody waits for a request's answer any more.
    func abandon(_ id: DownstreamRequestID) {
        guard waiting.removeValue(forKey: id) != nil else { return }
        perform { machine, _ in machine.abandon(id) }
    }

    /// Takes messages off the sockets, or leaves them there.
    func setReading(_ isReading: Bool) {
        self.isReading = isReading
        for uplink in uplinks.values { uplink.setReading(isReading) }
    }

    /// A connection has hung up.
    func ended(_ uplink: AppServerUplink) {
        uplinks[uplink.id] = nil
        rounds.schedule()
    }

    /// The session of a connection has news.
    func handle(_ event: AppServerSession.Event, of uplink: AppServerUplink) {
        switch event {
        case .bound:
            uplink.setReading(isReading)
            perform { machine, now in machine.connected(uplink.id, now: now) }
        case .upstream(let frame):
            let message = ReceivedMessage(frame)
            perform { machine, now in machine.received(message, on: uplink.id, now: now) }
        case .answer(let frame):
            let answer = DownstreamAnswer(frame)
            perform { machine, now in machine.answered(answer, on: uplink.id, now: now) }
        case .receipt(let frame):
            let receipt = ReceivedReceipt(frame)
            perform { machine, _ in machine.received(receipt, on: uplink.id) }
        case .draining:
            perform { machine, now in machine.draining(uplink.id, now: now) }
        case .refused(let error, let description):
            events.append(.refused(uplink.id, error: error, description: description))
            rounds.schedule()
        case .loginRefused, .failed, .ended:
            break
        }
    }

    // MARK: Rounds

    private func endRound() {
        let now = clock.now
        if machine.nextDeadline <= now { machine.deadlineReached(now: now) }
        for action in machine.takeActions() { carryOut(action) }
        for uplink in unflushed {
            uplink.isUnflushed = false
            uplink.flush()
        }
        unflushed.removeAll(keepingCapacity: true)
        if !events.isEmpty {
            observe(events)
            events.removeAll(keepingCapacity: true)
        }
        rounds.setDeadline(machine.nextDeadline)
        finishIfDone()
    }

    private func finishIfDone() {
        guard !finished.isEmpty, uplinks.isEmpty else { return }
        rounds.stop()
        // The observer may hold whoever holds us.
        observe = { _ in }
        for promise in finished { promise.succeed() }
        finished = []
    }

    // MARK: Actions

    private func carryOut(_ action: AppServerAction) {
        switch action {
        case .request(let request, let id):
            write(to: id) { $0.request(request.messageID, json: request.json) }
        case .acknowledge(let pair, let id):
            write(to: id) { $0.acknowledge(pair) }
        case .acknowledgeReceipt(let receipt, let id):
            write(to: id) { $0.acknowledge(to: receipt.from, messageID: receipt.receiptID) }
        case .connect(let id):
            let uplink = AppServerUplink(id: id, core: self, login: login)
            uplinks[id] = uplink
            uplink.connect(tls: tls, on: eventLoop)
        case .close(let id):
            uplinks[id]?.end()
        case .requestEnded(let id, let outcome):
            waiting.removeValue(forKey: id)?(outcome)
        default:
            if let event = event(of: action) { events.append(event) }
        }
    }

    /// What is only to be told.
    private func event(of action: AppServerAction) -> AppServerEvent? {
        switch action {
        case .connected(let id): .connected(id)
        case .connectionFailed(let id, let reason, let retryAt):
            .connectionFailed(id, reason: reason, retryAfter: clock.now.duration(to: retryAt))
        case .authenticationFailed(let id, let reason): .authenticationFailed(id, reason: reason)
        case .draining(let id): .draining(id)
        case .disconnected(let id, let reason): .disconnected(id, reason: reason.description)
        case .upstream(let message, let id, let attempt):
            .upstream(message, on: id, attempt: attempt)
        case .acknowledged(let pair, let distinct): .acknowledged(pair, distinct: distinct)
        case .skipped(let pair): .skipped(pair)
        case .receipt(let receipt, let id): .receipt(receipt, on: id)
        case .rejected(let id, let error, let description):
            .refused(id, error: error, description: description)
        case .connect, .acknowledge, .acknowledgeReceipt, .request, .close, .requestEnded: nil
        }
    }

    private func write(
        to id: AppServerConnectionID, _ order: (inout AppServerSession) -> Void
    ) {
        guard let uplink = uplinks[id] else { return }
        order(&uplink.session)
        guard !uplink.isUnflushed else { return }
        uplink.isUnflushed = true
        unflushed.append(uplink)
    }
}
