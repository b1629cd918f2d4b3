package import CloudMessaging
package import DeviceMachine
import XMPPSessions

/// What a `send` is answered: nil when the message is durable, else why it is not taken.
package typealias SendAnswer = @Sendable (UpstreamError?) -> Void

/// What a request is answered: nil when the relay did what was asked.
package typealias RequestAnswer = @Sendable (AppRequest.Refusal?) -> Void

/// A device: its machine, and the session of its link. Hands events to the machine and carries out
/// its actions.
package final class DeviceNode {
    package private(set) var machine: DeviceMachine
    private let scheduler: any Scheduler
    private let connector: any Connector
    private let outbox: any OutboxQueue
    private let observe: (DeviceEvent) -> Void
    private let rounds: Rounds
    /// The link that the machine knows of.
    private var uplink: DeviceUplink?
    /// Links that were told to end and have not hung up yet.
    private var closing: [DeviceUplink] = []
    /// Who waits for a message to be durable, by its number.
    private var senders: [Int64: SendAnswer] = [:]
    /// Who waits for the answer to a request, by its number.
    private var askers: [Int64: RequestAnswer] = [:]
    /// Who waits until an app may hand over another message.
    private var waitingForRoom: [(category: Category, answer: @Sendable () -> Void)] = []
    private var outboxIsBusy = false
    private var finished: [() -> Void] = []

    /// - Parameter observe: must not block.
    package init(
        machine: DeviceMachine, scheduler: any Scheduler, connector: any Connector,
        outbox: any OutboxQueue, observe: @escaping (DeviceEvent) -> Void
    ) {
        self.machine = machine
        self.scheduler = scheduler
        self.connector = connector
        self.outbox = outbox
        self.observe = observe
        rounds = Rounds(scheduler)
        // The first round comes with the first order: by then every app is there to be told what
        // it was not told in an earlier life.
        rounds.start { [weak self] in self?.endRound() }
    }

    // MARK: Orders of the app

    /// Hands a message to the machine; answered when it is durable, or refused.
    package func send(_ request: SendRequest, _ answer: @escaping SendAnswer) {
        switch machine.send(request, now: scheduler.now) {
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
    package func waitForRoom(for category: Category, _ answer: @escaping @Sendable () -> Void) {
        waitingForRoom.append((category, answer))
        rounds.schedule()
    }

    /// Lets the machine handle an event of the app.
    package func perform<Answer>(_ event: (inout DeviceMachine, Instant) -> Answer) -> Answer {
        defer { rounds.schedule() }
        return event(&machine, scheduler.now)
    }

    /// Ends the device; calls back when everything is told and stored.
    package func shutDown(_ done: @escaping () -> Void) {
        finished.append(done)
        machine.shutDown(now: scheduler.now)
        rounds.schedule()
    }

    // MARK: Rounds

    private func endRound() {
        let now = scheduler.now
        if let deadline = machine.nextDeadline, deadline <= now {
            machine.deadlineReached(now: now)
        }
        while let action = machine.nextAction() { carryOut(action) }
        storeOutbox()
        uplink?.flush()
        rounds.setDeadline(machine.nextDeadline ?? .never)
        admitWaiting()
        finishIfDone()
    }

    private func admitWaiting() {
        guard !waitingForRoom.isEmpty else { return }
        waitingForRoom.removeAll { category, answer in
            guard !finished.isEmpty || machine.hasRoom(for: category) else { return false }
            answer()
            return true
        }
    }

    private func storeOutbox() {
        guard !outboxIsBusy, let batch = machine.takeOutboxBatch() else { return }
        outboxIsBusy = true
        outbox.execute(batch) { [weak self] failure in self?.outboxAnswered(failure) }
    }

    private func outboxAnswered(_ failure: StoreFailure?) {
        outboxIsBusy = false
        if let failure {
            observe(.storeFailed(failure))
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
            observe(.accepted(message))
        case .sendError(let message, let error):
            if let answer = senders.removeValue(forKey: message.number) {
                answer(error)
            } else {
                observe(.sendError(message, error))
            }
        case .sent(let messages): observe(.sent(messages))
        case .registered(let registration): observe(.registered(registration))
        case .registrationRefused(let category, let refusal):
            observe(.registrationRefused(category, refusal))
        case .tokenRefreshed(let category): observe(.tokenRefreshed(category))
        case .joinedGroup(let category, let name, let key):
            observe(.joinedGroup(category, name, key: key))
        case .answered(let number, let refusal): askers.removeValue(forKey: number)?(refusal)
        case .received(let message): observe(.received(message))
        case .messagesDeleted(let category, let total):
            observe(.messagesDeleted(category, total: total))
        case .deliveryDropped(let category, let id):
            uplink?.session.refuseDelivery(category, id)
            let what = id.map { "message \($0)" } ?? "a deletion notice"
            observe(
                .deliveryDropped(reason: "\(what) is for \(category), which has no token here"))
        case .online: observe(.online)
        case .offline: observe(.offline)
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
        observe(.linkLost(reason: reason))
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
            observe(.identityRefused(reason: reason))
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
        case .unusableDelivery(let reason): observe(.deliveryDropped(reason: reason))
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
