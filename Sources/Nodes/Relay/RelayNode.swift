package import CloudMessaging
package import RelayMachine
import XMPPSessions

/// A relay: its machine and a session for each connection. Hands events to the machine and carries
/// out its actions.
///
/// Events of one round — everything that all ready sockets had — are handled first; then the
/// machine's actions are carried out, one batch goes to the store, and each connection with output
/// is flushed once. Nothing here decides anything.
package final class RelayNode {
    let scheduler: any Scheduler
    let settings: RelayNodeSettings
    let observer: any RelayObserver
    /// What goes wrong on purpose.
    package let faults: SharedFaults
    /// Who is told of stanzas and steps of messages, if somebody is.
    let hearer: (any RelayObserver)?
    package internal(set) var machine: RelayMachine
    /// Frames that named nothing; the machine never hears of them.
    package internal(set) var badAcknowledgements = 0
    private(set) var uploadsArePaused = false

    private let store: any StoreQueue
    private var entropy: Entropy
    private(set) var appServers: [ConnectionID: AppServerLink] = [:]
    private(set) var devices: [DeviceStreamID: DeviceLink] = [:]
    /// The number of the newest connection, whichever door it came through.
    package private(set) var lastConnection = 0
    private let rounds: Rounds
    private var sweep: (any ScheduledWork)?
    private var unflushed: [any RelayLink] = []
    private var finished: [() -> Void] = []
    /// By number, as far as the observer was told of them.
    private var senderIDs: [SenderID] = []

    /// - Parameters:
    ///   - snapshot: what opening the store gave.
    ///   - faults: those of its former lives; nil: this is its first.
    ///   - digest: SHA-256, which this target has not.
    package init(
        settings: RelayNodeSettings, snapshot: StoreSnapshot, scheduler: any Scheduler,
        store: any StoreQueue, observer: any RelayObserver, faults: SharedFaults? = nil,
        digest: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        hearer = observer.hearer
        var settings = settings
        settings.machine.tellsMessages = hearer != nil
        self.scheduler = scheduler
        self.settings = settings
        self.store = store
        self.observer = observer
        self.faults = faults ?? SharedFaults(settings)
        machine = RelayMachine(
            settings: settings.machine, snapshot: snapshot, seed: settings.seed, digest: digest)
        entropy = Entropy(seed: settings.seed, life: UInt64(snapshot.life))
        rounds = Rounds(scheduler)
        rounds.start { [weak self] in self?.endRound() }
        scheduleSweep()
        observer.started()
    }

    var now: Instant { scheduler.now }

    // MARK: Connections come and go

    /// Which protocol a port speaks.
    package enum Door: Sendable {
        case appServers
        case devices
    }

    /// Makes the owner of a connection that comes in through a door.
    ///
    /// - Parameter peer: who comes, for the observer, if the driver knows.
    package func accept(_ door: Door, peer: String? = nil) -> any TransportEvents {
        switch door {
        case .appServers: acceptAppServer(peer)
        case .devices: acceptDevice(peer)
        }
    }

    private func acceptAppServer(_ peer: String?) -> AppServerLink {
        lastConnection += 1
        let link = AppServerLink(
            id: ConnectionID(lastConnection), peer: peer, node: self,
            session: RelayAppServerSession(quirks: settings.wire, entropy: forkEntropy()))
        appServers[link.id] = link
        return link
    }

    private func acceptDevice(_ peer: String?) -> DeviceLink {
        lastConnection += 1
        let link = DeviceLink(
            id: DeviceStreamID(lastConnection), peer: peer, node: self,
            session: RelayDeviceSession(entropy: forkEntropy()))
        devices[link.id] = link
        machine.streamOpened(link.id)
        return link
    }

    func closed(_ link: AppServerLink) {
        appServers[link.id] = nil
        machine.connectionClosed(link.id, now: now)
        scheduleRound()
    }

    func closed(_ link: DeviceLink) {
        devices[link.id] = nil
        machine.streamClosed(link.id)
        scheduleRound()
    }

    private func forkEntropy() -> Entropy { Entropy(seed: entropy.next()) }

    /// Connections that are open, bound or not.
    package var openConnections: Int { appServers.count + devices.count }

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
        let now = now
        machine.deadlineReached(now: now)
        carryOutActions()
        if let batch = machine.takeBatch(now: now) { execute(batch) }
        flush(now: now)
        rounds.setDeadline(ask(&machine) { $0.nextDeadline })
        finishIfDone()
    }

    private func execute(_ batch: StoreBatch) {
        let messages = batch.hasChanges ? batch.newMessages : nil
        store.execute(batch) { [weak self] results in
            guard let self else { return }
            if results.failure == nil, let messages { observer.committed(messages: messages) }
            machine.storeAnswered(results, now: now)
            scheduleRound()
        }
    }

    private func flush(now: Instant) {
        // Actions of a link that ends while it is flushed may touch others.
        while !unflushed.isEmpty {
            let links = unflushed
            unflushed.removeAll(keepingCapacity: true)
            for link in links {
                link.isUnflushed = false
                link.flush(now: now)
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
        case .transmit(let message, let connection, let attempt, let timeout):
            observer.transmitted(message, to: connection, attempt: attempt, timeout: timeout)
            appServers[connection]?.transmit(message, attempt: attempt)
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
            observer.note(note)
        case .tell(let note):
            hearer?.told(note, of: note.sender.map { senderID(of: $0) })
        }
    }

    /// Asks the machine once for each sender.
    private func senderID(of number: SenderNumber) -> SenderID {
        while senderIDs.count <= number.rawValue {
            senderIDs.append(
                machine.senderID(of: SenderNumber(rawValue: Int32(senderIDs.count))))
        }
        return senderIDs[Int(number.rawValue)]
    }

    private func setUploadsPaused(_ isPaused: Bool) {
        uploadsArePaused = isPaused
        for device in devicesInOrder { device.updateReading() }
    }

    // MARK: Idle connections

    private func scheduleSweep() {
        let work: () -> Void = { [weak self] in self?.sweepIdle() }
        sweep = scheduler.schedule(at: now + settings.sweepInterval, work)
    }

    /// Sends a blank to every peer that heard nothing for long, and frees what idle streams hold.
    private func sweepIdle() {
        let now = now
        for link in appServersInOrder { link.keepAlive(now: now) }
        for link in devicesInOrder { link.keepAlive(now: now) }
        scheduleSweep()
    }

    // In the order in which they came: a dictionary's own order is another in each process.
    private var appServersInOrder: [AppServerLink] { appServers.values.sorted { $0.id < $1.id } }
    private var devicesInOrder: [DeviceLink] { devices.values.sorted { $0.id < $1.id } }

    // MARK: Draining

    /// The bound connections of one peer, as the driver named it, by age.
    package func connections(of peer: String) -> [ConnectionID] {
        appServersInOrder.filter { $0.isBound && $0.peer == peer }.map(\.id)
    }

    /// Announces draining on every connection that is bound now, and closes each when its ACKs are
    /// in (protocol sheet §3.6).
    package func drainAll() {
        for link in appServersInOrder { machine.drain(link.id, now: now) }
        scheduleRound()
    }

    /// The same on one connection; to no effect when it is gone.
    package func drain(_ id: ConnectionID) {
        machine.drain(id, now: now)
        scheduleRound()
    }

    // MARK: The end

    /// Drains every connection; calls back when the last one is gone and all is stored.
    package func shutDown(_ done: @escaping () -> Void) {
        finished.append(done)
        machine.shutdown(now: now)
        for link in appServersInOrder where !link.isBound { link.end(.shutdown) }
        scheduleRound()
    }

    private func finishIfDone() {
        guard !finished.isEmpty, machine.isFinished, openConnections == 0 else { return }
        rounds.stop()
        sweep?.cancel()
        observer.stopped()
        for done in finished { done() }
        finished = []
    }
}

extension StoreBatch {
    /// Messages that the batch stores, one for each topic or group.
    fileprivate var newMessages: Int {
        messages.count + downstream.deposits.count + downstream.topicDeposits.count
    }
}
