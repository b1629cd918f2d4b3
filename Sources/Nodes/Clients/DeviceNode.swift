package import CloudMessaging
package import DeviceMachine
import XMPPSessions

/// A device: its machine, and the session of its link. Hands events to the machine and carries out
/// its actions.
package final class DeviceNode {
    /// What a `send` is answered: nil when the message is durable, else why it is not taken.
    package typealias Answer = (UpstreamError?) -> Void
    /// What a request is answered: nil when the relay did what was asked.
    package typealias RequestAnswer = (AppRequest.Refusal?) -> Void

    package private(set) var machine: DeviceMachine
    private let scheduler: any Scheduler
    private let connector: any Connector
    private let outbox: any OutboxQueue
    private let observe: (DeviceEvent) -> Void
    private let recorder: DeviceRecorder?
    private let rounds: Rounds
    /// The link that the machine knows of.
    private var uplink: DeviceUplink?
    /// Links that were told to end and have not hung up yet.
    private var closing: [DeviceUplink] = []
    /// Who waits for a message to be durable, by its number.
    private var senders: [Int64: Answer] = [:]
    /// Who waits for the answer to a request, by its number.
    private var askers: [Int64: RequestAnswer] = [:]
    /// Who waits until an app may hand over another message.
    private var waitingForRoom: [(category: Category, answer: () -> Void)] = []
    private var outboxIsBusy = false
    private var finished: [() -> Void] = []

    /// - Parameters:
    ///   - recorder: writes the device's journal; nil: it has none.
    ///   - observe: must not block.
    package init(
        machine: DeviceMachine, scheduler: any Scheduler, connector: any Connector,
        outbox: any OutboxQueue, recorder: DeviceRecorder? = nil,
        observe: @escaping (DeviceEvent) -> Void
    ) {
        self.machine = machine
        self.scheduler = scheduler
        self.connector = connector
        self.outbox = outbox
        self.observe = observe
        self.recorder = recorder
        rounds = Rounds(scheduler)
        // The first round comes with the first order: by then every app is there to be told what
        // it was not told in an earlier life.
        rounds.start { [weak self] in self?.endRound() }
        recorder?.started()
    }

    private func tell(_ event: DeviceEvent) {
        recorder?.told(event)
        observe(event)
    }

    // MARK: Orders of the app

    /// Hands a message to the machine; answered when it is durable, or refused.
    package func send(_ request: SendRequest, _ answer: @escaping Answer) {
        let outcome = machine.send(request, now: scheduler.now)
        recorder?.sent(request, outcome)
        switch outcome {
        case .taken(let number): senders[number] = answer
        case .refused(let error): answer(error)
        }
        rounds.schedule()
    }

    /// Asks the relay something about an app.
    package func request(
        _ request: AppRequest, of category: Category, token: RegistrationToken?,
        _ answer: @escaping RequestAnswer
    ) {
        switch machine.request(request, of: category, token: token) {
        case .asked(let number): askers[number] = answer
        case .refused(let refusal): answer(refusal)
        }
        rounds.schedule()
    }

    /// Calls back when the app may hand over another message, or the device ends.
    package func waitForRoom(for category: Category, _ answer: @escaping () -> Void) {
        waitingForRoom.append((category, answer))
        rounds.schedule()
    }

    /// Lets the machine handle an event of the app.
    package func perform<Result>(_ event: (inout DeviceMachine, Instant) -> Result) -> Result {
        defer { rounds.schedule() }
        return event(&machine, scheduler.now)
    }

    /// Ends the device; calls back when everything is told and stored.
    package func shutDown(_ done: @escaping () -> Void) {
        finished.append(done)
        machine.shutDown(now: scheduler.now)
        rounds.schedule()
    }

    /// Messages of an app that count against its limit.
    package func pendingCount(of category: Category) -> Int {
        ask(&machine) { $0.pendingCount(of: category) }
    }

    // MARK: Rounds

    private func endRound() {
        machine.deadlineReached(now: scheduler.now)
        while let action = machine.nextAction() { carryOut(action) }
        storeOutbox()
        uplink?.flush()
        rounds.setDeadline(ask(&machine) { $0.nextDeadline } ?? .never)
        admitWaiting()
        finishIfDone()
    }

    private func admitWaiting() {
        guard !waitingForRoom.isEmpty else { return }
        let isAdmitted = { [machine, finished] (category: Category) in
            !finished.isEmpty || machine.hasRoom(for: category)
        }
        let admitted = waitingForRoom.filter { isAdmitted($0.category) }
        waitingForRoom.removeAll { isAdmitted($0.category) }
        // Whoever is told may wait again at once.
        for waiter in admitted { waiter.answer() }
    }

    private func storeOutbox() {
        guard !outboxIsBusy, let batch = machine.takeOutboxBatch() else { return }
        outboxIsBusy = true
        outbox.execute(batch) { [weak self] failure in self?.outboxAnswered(failure) }
    }

    private func outboxAnswered(_ failure: StoreFailure?) {
        outboxIsBusy = false
        if let failure {
            tell(.storeFailed(failure))
            machine.outboxFailed(failure, now: scheduler.now)
        } else {
            machine.outboxCommitted(now: scheduler.now)
        }
        rounds.schedule()
    }

    private func finishIfDone() {
        guard !finished.isEmpty, !outboxIsBusy, uplink == nil, closing.isEmpty
        else { return }
        rounds.stop()
        recorder?.stopped()
        for done in finished { done() }
        finished = []
    }

    // MARK: Actions

    private func carryOut(_ action: DeviceAction) {
        switch action {
        case .connect: connect()
        case .disconnect: disconnect()
        case .checkIn: uplink?.session.checkIn()
        case .authenticate(let identity): uplink?.session.authenticate(identity)
        case .register(let category, let senders):
            uplink?.session.register(category, senders: senders)
        case .request(let request, let category, let number):
            uplink?.session.request(request, of: category, number: number)
        case .upload(let message, let timeToLive):
            uplink?.session.upload(message, timeToLive: timeToLive)
        case .accepted(let message):
            senders.removeValue(forKey: message.number)?(nil)
            tell(.accepted(message))
        case .sendError(let message, let error):
            if let answer = senders.removeValue(forKey: message.number) {
                recorder?.refused(message, error)
                answer(error)
            } else {
                tell(.sendError(message, error))
            }
        case .sent(let messages): tell(.sent(messages))
        case .registered(let registration): tell(.registered(registration))
        case .registrationRefused(let category, let refusal):
            tell(.registrationRefused(category, refusal))
        case .tokenRefreshed(let category): tell(.tokenRefreshed(category))
        case .joinedGroup(let category, let name, let key):
            tell(.joinedGroup(category, name, key: key))
        case .answered(let number, let refusal): askers.removeValue(forKey: number)?(refusal)
        case .received(let message): tell(.received(message))
        case .messagesDeleted(let category, let total):
            tell(.messagesDeleted(category, total: total))
        case .deliveryDropped(let category, let id):
            uplink?.session.refuseDelivery(category, id)
            let what = id.map { "message \($0)" } ?? "a deletion notice"
            tell(
                .deliveryDropped(reason: "\(what) is for \(category), which has no token here"))
        case .online: tell(.online)
        case .offline: tell(.offline)
        }
    }

    // MARK: Link

    private func connect() {
        let uplink = DeviceUplink(node: self)
        self.uplink = uplink
        uplink.connect(connector)
    }

    private func disconnect() {
        guard let link = uplink else { return }
        uplink = nil
        closing.append(link)
        link.end()
    }

    /// The link is gone, and nobody ordered it to.
    func lost(_ link: DeviceUplink, _ loss: LinkLoss, reason: String) {
        guard uplink === link else { return }
        uplink = nil
        tell(.linkLost(reason: reason))
        machine.linkLost(loss, now: scheduler.now)
        rounds.schedule()
    }

    /// The session of the link has news.
    func handle(_ event: DeviceSession.Event, of link: DeviceUplink) {
        guard uplink === link else { return }
        let now = scheduler.now
        switch event {
        case .opened: machine.linkOpened()
        case .checkedIn(let identity): machine.checkedIn(identity)
        case .identityUnknown(let reason):
            tell(.identityRefused(reason: reason))
            machine.identityUnknown(now: now)
        case .ready: machine.linkReady(now: now)
        case .registered(let registration): machine.registered(registration, now: now)
        case .registrationRefused(let category, let refusal):
            machine.registrationRefused(category, refusal, now: now)
        case .answered(let number, let answer): machine.answered(number, answer, now: now)
        case .taken(let count): machine.taken(count: count, now: now)
        case .refused(let id, let error): machine.refused(id, error, now: now)
        case .received(let message): machine.received(message, now: now)
        case .messagesDeleted(let category, let total):
            machine.messagesDeleted(for: category, total: total)
        case .unusableDelivery(let reason): tell(.deliveryDropped(reason: reason))
        case .replaced, .failed, .ended: break
        }
        rounds.schedule()
    }

    /// A link was read, and its session may have something to write: after what is carried out
    /// now, for the relay may forget what it is told to be handled.
    func didRead(_ link: DeviceUplink) {
        if uplink === link { rounds.schedule() } else { link.flush() }
    }

    /// A link has hung up, ordered or not.
    func ended(_ link: DeviceUplink) {
        closing.removeAll { $0 === link }
        rounds.schedule()
    }
}
