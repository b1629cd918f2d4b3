package import AppServerMachine
package import CloudMessaging
import XMPPSessions

/// An app server: its machine and a session for each connection. Hands events to the machine and
/// carries out its actions.
package final class AppServerNode {
    /// Told what became of a request; must not block.
    package typealias Completion = (DownstreamOutcome) -> Void

    private var machine: AppServerMachine
    private let sender: SenderID
    private let key: String
    private let scheduler: any Scheduler
    private let connector: any Connector
    private var observe: ([AppServerEvent]) -> Void
    private let recorder: AppServerRecorder?
    private let rounds: Rounds
    var uplinks: [AppServerConnectionID: AppServerUplink] = [:]
    private var unflushed: [AppServerUplink] = []
    private var events: [AppServerEvent] = []
    /// Whom to tell what became of a request.
    private var waiting: [DownstreamRequestID: Completion] = [:]
    private var finished: [() -> Void] = []
    private var isReading = true

    /// Does nothing before its machine is told to start.
    ///
    /// - Parameters:
    ///   - recorder: writes the app server's journal; nil: it has none.
    ///   - observe: must not block.
    package init(
        machine: AppServerMachine, sender: SenderID, key: String, scheduler: any Scheduler,
        connector: any Connector, recorder: AppServerRecorder? = nil,
        observe: @escaping ([AppServerEvent]) -> Void
    ) {
        self.machine = machine
        self.sender = sender
        self.key = key
        self.scheduler = scheduler
        self.connector = connector
        self.observe = observe
        self.recorder = recorder
        rounds = Rounds(scheduler)
        rounds.start { [weak self] in self?.endRound() }
        recorder?.started()
    }

    /// Lets the machine handle an event.
    package func perform<Answer>(_ event: (inout AppServerMachine, Instant) -> Answer) -> Answer {
        defer { rounds.schedule() }
        return event(&machine, scheduler.now)
    }

    /// Ends the app server; calls back when every connection has hung up.
    package func stop(_ done: @escaping () -> Void) {
        finished.append(done)
        perform { machine, now in machine.stop(now: now) }
    }

    /// Sends a message downstream; the completion is called once, unless it is abandoned.
    package func send(_ request: DownstreamRequest, _ completion: @escaping Completion) {
        waiting[request.id] = completion
        recorder?.asked(request)
        perform { machine, now in machine.send(request, now: now) }
    }

    /// Nobody waits for a request's answer any more.
    package func abandon(_ id: DownstreamRequestID) {
        guard waiting.removeValue(forKey: id) != nil else { return }
        perform { machine, _ in machine.abandon(id) }
    }

    /// Takes messages off the sockets, or leaves them there.
    package func setReading(_ isReading: Bool) {
        self.isReading = isReading
        for uplink in uplinksInOrder { uplink.setReading(isReading) }
    }

    // In the order in which they came: a dictionary's own order is another in each process.
    var uplinksInOrder: [AppServerUplink] { uplinks.values.sorted { $0.id < $1.id } }

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
            recorder?.refused(uplink.id, error, description)
            events.append(.refused(uplink.id, error: error, description: description))
            rounds.schedule()
        case .loginRefused, .failed, .ended:
            break
        }
    }

    // MARK: Rounds

    private func endRound() {
        let now = scheduler.now
        machine.deadlineReached(now: now)
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
        rounds.setDeadline(ask(&machine) { $0.nextDeadline })
        finishIfDone()
    }

    private func finishIfDone() {
        guard !finished.isEmpty, uplinks.isEmpty else { return }
        rounds.stop()
        recorder?.stopped()
        // The observer may hold whoever holds us.
        observe = { _ in }
        for done in finished { done() }
        finished = []
    }

    // MARK: Actions

    private func carryOut(_ action: AppServerAction) {
        recorder?.carriesOut(action)
        switch action {
        case .request(let request, let id):
            write(to: id) { $0.request(request.messageID, json: request.json) }
        case .acknowledge(let pair, let id):
            write(to: id) { $0.acknowledge(pair) }
        case .acknowledgeReceipt(let receipt, let id):
            write(to: id) { $0.acknowledge(to: receipt.from, messageID: receipt.receiptID) }
        case .connect(let id):
            let uplink = AppServerUplink(
                id: id, node: self, session: AppServerSession(sender: sender, key: key))
            uplinks[id] = uplink
            uplink.connect(connector)
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
            .connectionFailed(id, reason: reason, retryAfter: scheduler.now.duration(to: retryAt))
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

    func write(
        to id: AppServerConnectionID, _ order: (inout AppServerSession) -> Void
    ) {
        guard let uplink = uplinks[id] else { return }
        order(&uplink.session)
        guard !uplink.isUnflushed else { return }
        uplink.isUnflushed = true
        unflushed.append(uplink)
    }
}
