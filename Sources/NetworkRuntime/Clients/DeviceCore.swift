import CloudMessaging
import DeviceMachine
import NIOCore
import TLSEngine
import XMPPSessions

/// A device on its event loop: hands events to the machine and carries out its actions.
final class DeviceCore {
    let eventLoop: any EventLoop
    let clock: MonotonicClock
    var machine: DeviceMachine
    private let address: RelayAddress
    private let tls: TLSContext
    private let worker: OutboxWorker
    private let observe: @Sendable (DeviceEvent) -> Void
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
    private var finished: [EventLoopPromise<Void>] = []

    init(
        eventLoop: any EventLoop, clock: MonotonicClock, machine: DeviceMachine,
        address: RelayAddress, tls: TLSContext, worker: OutboxWorker,
        observe: @escaping @Sendable (DeviceEvent) -> Void
    ) {
        self.eventLoop = eventLoop
        self.clock = clock
        self.machine = machine
        self.address = address
        self.tls = tls
        self.worker = worker
        self.observe = observe
        rounds = Rounds(eventLoop: eventLoop, clock: clock)
        // The first round comes with the first order: by then every app is there to be told what
        // it was not told in an earlier life.
        rounds.start { [weak self] in self?.endRound() }
    }

    // MARK: Orders of the app

    /// Hands a message to the machine; answered when it is durable, or refused.
    func send(_ request: SendRequest, _ answer: @escaping SendAnswer) {
        switch machine.send(request, now: clock.now) {
        case .taken(let number): senders[number] = answer
        case .refused(let error): answer(error)
        }
        rounds.schedule()
    }

    /// Asks the relay something about an app.
    func request(
        _ request: AppRequest, of category: Category, token: RegistrationToken?,
        _ answer: @escaping RequestAnswer
    ) {
        switch machine.request(request, of: category, token: token) {
        case .asked(let number): askers[number] = answer
        case .refused(let error): answer(AppRequest.Refusal(error))
        }
        rounds.schedule()
    }

    /// Calls back when the app may hand over another message, or the device ends.
    func waitForRoom(for category: Category, _ answer: @escaping @Sendable () -> Void) {
        waitingForRoom.append((category, answer))
        rounds.schedule()
    }

    /// Lets the machine handle an event of the app.
    func perform<Answer>(_ event: (inout DeviceMachine, Instant) -> Answer) -> Answer {
        defer { rounds.schedule() }
        return event(&machine, clock.now)
    }

    /// Ends the device; the promise is kept when everything is told and stored.
    func shutDown(_ promise: EventLoopPromise<Void>) {
        finished.append(promise)
        machine.shutDown(now: clock.now)
        rounds.schedule()
    }

    // MARK: Rounds

    private func endRound() {
        let now = clock.now
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
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        worker.execute(batch, on: eventLoop).whenComplete { result in
            box.value.outboxAnswered(result)
        }
    }

    private func outboxAnswered(_ result: Result<StoreFailure?, any Error>) {
        outboxIsBusy = false
        switch result {
        case .success(nil):
            machine.outboxCommitted(now: clock.now)
        case .success(let failure?):
            observe(.storeFailed(failure))
            machine.outboxFailed(failure, now: clock.now)
        case .failure(let error):
            machine.outboxFailed(StoreFailure(.unavailable, "\(error)"), now: clock.now)
        }
        rounds.schedule()
    }

    private func finishIfDone() {
        guard !finished.isEmpty, !outboxIsBusy, uplink == nil, closing.isEmpty
        else { return }
        rounds.stop()
        for promise in finished { promise.succeed() }
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
        let uplink = DeviceUplink(core: self, address: address)
        self.uplink = uplink
        uplink.connect(tls: tls, on: eventLoop)
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
        machine.linkLost(loss, now: clock.now)
        rounds.schedule()
    }

    /// The session of the link has news.
    func handle(_ event: DeviceSession.Event, of link: DeviceUplink) {
        guard uplink === link else { return }
        let now = clock.now
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
