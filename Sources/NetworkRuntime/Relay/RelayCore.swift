import CloudMessaging
import Logging
import MessageStore
import NIOCore
import RelayMachine
import TLSEngine
import XMPPSessions

/// The relay on its one event loop: hands events to the machine and carries out its actions.
///
/// Events of one round — everything that all ready sockets had — are handled first; then the
/// machine's actions are carried out, one batch goes to the store, and each connection with output
/// is flushed once. Nothing here decides anything.
final class RelayCore {
    let eventLoop: any EventLoop
    let clock: MonotonicClock
    let settings: RelayRuntimeSettings
    let log: RelayLog
    var machine: RelayMachine
    /// Frames that named nothing; the machine never hears of them.
    var badAcknowledgements = 0
    /// Ports that accept connections.
    var listeners: [any Channel] = []
    private(set) var uploadsArePaused = false

    private let worker: StoreWorker
    private var entropy: Entropy
    private var appServers: [ConnectionID: AppServerLink] = [:]
    private var devices: [DeviceStreamID: DeviceLink] = [:]
    private var lastLink = 0
    private let rounds: Rounds
    private var unflushed: [any RelayLink] = []
    private var finished: [EventLoopPromise<Void>] = []

    init(
        eventLoop: any EventLoop, machine: RelayMachine, worker: StoreWorker,
        clock: MonotonicClock, settings: RelayRuntimeSettings, entropy: Entropy, log: RelayLog
    ) {
        self.eventLoop = eventLoop
        self.machine = machine
        self.worker = worker
        self.clock = clock
        self.settings = settings
        self.entropy = entropy
        self.log = log
        rounds = Rounds(eventLoop: eventLoop, clock: clock)
        rounds.start { [weak self] in self?.endRound() }
    }

    // MARK: Connections come and go

    /// Makes the owner of a connection that came in through a door.
    func accept(_ door: RelayRuntime.Door, _ connection: TLSConnection) -> TLSTransport {
        let owner: any TransportEvents =
            switch door {
            case .appServers: acceptAppServer()
            case .devices: acceptDevice()
            }
        return TLSTransport(
            tls: connection, owner: owner, handshakeTimeout: settings.handshakeTimeout)
    }

    private func acceptAppServer() -> AppServerLink {
        lastLink += 1
        let link = AppServerLink(
            id: ConnectionID(lastLink), core: self,
            session: RelayAppServerSession(quirks: settings.wire, entropy: forkEntropy()))
        appServers[link.id] = link
        return link
    }

    private func acceptDevice() -> DeviceLink {
        lastLink += 1
        let link = DeviceLink(
            id: DeviceStreamID(lastLink), core: self,
            session: RelayDeviceSession(entropy: forkEntropy()))
        devices[link.id] = link
        machine.streamOpened(link.id)
        return link
    }

    func closed(_ link: AppServerLink) {
        appServers[link.id] = nil
        machine.connectionClosed(link.id, now: clock.now)
        scheduleRound()
    }

    func closed(_ link: DeviceLink) {
        devices[link.id] = nil
        machine.streamClosed(link.id)
        scheduleRound()
    }

    private func forkEntropy() -> Entropy { Entropy(seed: entropy.next()) }

    /// Connections that are open, bound or not.
    var openConnections: Int { appServers.count + devices.count }

    // MARK: Rounds

    /// A link has output, or the machine was told something: the round's end deals with it.
    func touch(_ link: any RelayLink) {
        if !link.isUnflushed {
            link.isUnflushed = true
            unflushed.append(link)
        }
        scheduleRound()
    }

    func scheduleRound() {
        rounds.schedule()
    }

    private func endRound() {
        let now = clock.now
        if machine.nextDeadline <= now { machine.deadlineReached(now: now) }
        carryOutActions()
        if let batch = machine.takeBatch(now: now) { execute(batch) }
        flush()
        rounds.setDeadline(machine.nextDeadline)
        finishIfDone()
    }

    private func execute(_ batch: StoreBatch) {
        let box = NIOLoopBound(self, eventLoop: eventLoop)
        worker.execute(batch, on: eventLoop).whenComplete { result in
            let core = box.value
            // The worker refuses only when the relay has ended.
            guard case .success(let results) = result else { return }
            core.machine.storeAnswered(results, now: core.clock.now)
            core.scheduleRound()
        }
    }

    private func flush() {
        // Actions of a link that ends while it is flushed may touch others.
        while !unflushed.isEmpty {
            let links = unflushed
            unflushed.removeAll(keepingCapacity: true)
            for link in links {
                link.isUnflushed = false
                link.flush()
            }
        }
    }

    // MARK: Actions

    private func carryOutActions() {
        var actions = machine.takeActions()
        while !actions.isEmpty {
            for action in actions { carryOut(action) }
            actions = machine.takeActions()
        }
    }

    private func carryOut(_ action: RelayAction) {
        switch action {
        case .transmit(let message, let connection, let attempt):
            log.transmitted(message, to: connection, attempt: attempt)
            appServers[connection]?.transmit(message)
        case .rejectAcknowledgement(let pair, let connection):
            appServers[connection]?.rejectAcknowledgement(pair)
        case .answer(let answer, let addressee, let id, let connection):
            appServers[connection]?.answer(answer, to: addressee, id)
        case .resumeRequests(let connection):
            appServers[connection]?.resumeRequests()
        case .deliver(let delivery, let stream):
            devices[stream]?.deliver(delivery)
        case .announceDraining(let connection):
            appServers[connection]?.announceDraining()
        case .closeConnection(let connection, let reason):
            appServers[connection]?.end(reason)
        case .taken(let first, let count, let stream):
            devices[stream]?.finish(first, count: count)
        case .refuse(let ticket, let upload, let error, let stream):
            devices[stream]?.refuse(upload, error, ticket)
        case .checkedIn(let identity, let stream):
            devices[stream]?.answerCheckIn(identity)
        case .authenticated(let device, let stream):
            devices[stream]?.acceptLogin(device)
        case .authenticationRefused(let stream):
            devices[stream]?.refuseLogin()
        case .registered(let registration, let request, let stream):
            devices[stream]?.answerRegistration(registration, request: request)
        case .registrationRefused(let error, let reason, let request, let stream):
            devices[stream]?.refuse(error, reason: reason, request: request)
        case .appRequestAnswered(let answer, let request, let stream):
            devices[stream]?.answer(answer, request: request)
        case .closeStream(let stream, let reason):
            devices[stream]?.end(reason)
        case .pauseUploads:
            setUploadsPaused(true)
        case .resumeUploads:
            setUploadsPaused(false)
        case .note(let note):
            log.note(note)
        }
    }

    private func setUploadsPaused(_ isPaused: Bool) {
        uploadsArePaused = isPaused
        for device in devices.values { device.updateReading() }
    }

    // MARK: Idle connections

    /// Sends a blank to every peer that heard nothing for long, and frees what idle streams hold.
    func sweepIdle(now: NIODeadline) {
        for link in appServers.values { link.keepAlive(now: now) }
        for link in devices.values { link.keepAlive(now: now) }
    }

    // MARK: Draining

    func drainAll() {
        for id in appServers.keys.sorted() { machine.drain(id, now: clock.now) }
        scheduleRound()
    }

    func drain(_ id: ConnectionID) {
        machine.drain(id, now: clock.now)
        scheduleRound()
    }

    // MARK: The end

    /// The ports that accept connections, for whoever closes them.
    func takeListeners() -> [any Channel] {
        defer { listeners = [] }
        return listeners
    }

    /// Drains every connection; the promise is kept when the last one is gone and all is stored.
    func shutdown(_ promise: EventLoopPromise<Void>) {
        finished.append(promise)
        machine.shutdown(now: clock.now)
        for link in appServers.values where !link.isBound { link.end(.shutdown) }
        scheduleRound()
    }

    private func finishIfDone() {
        guard !finished.isEmpty, machine.isFinished, openConnections == 0 else { return }
        rounds.stop()
        for promise in finished { promise.succeed() }
        finished = []
    }
}
