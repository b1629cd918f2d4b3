import CloudMessaging
import Journal
import Nodes
import Scenario

/// Where a play is given: the cast of a scenario file on virtual time, and what is seen of it.
final class Stage {
    let file: ScenarioFile
    let simulation: Simulation
    /// Those that a step may name, in the order of the file.
    private(set) var devices: [DeviceActor] = []
    private(set) var appServers: [AppServerActor] = []
    let journal: StageJournal
    /// The first step that could not be done.
    private(set) var problem: PlayProblem?
    /// The numbers of faults that have a name.
    var faults: [String: Int] = [:]
    private let began: Instant

    init(_ file: ScenarioFile, seed: UInt64) {
        self.file = file
        let journal = StageJournal(
            Invariants(
                maxUnacked: file.relay.maxUnacked ?? Limits.unackedPerConnection,
                ordersFirstWrites: (file.relay.reconnectHoldback ?? .zero) == .zero))
        self.journal = journal
        simulation = Simulation(
            seed: seed, relay: { file.relay.apply(to: &$0) }, journal: journal)
        began = simulation.world.now
        for member in file.cast { bringOn(member) }
        simulation.relay.start()
    }

    private func bringOn(_ member: CastMember) {
        switch member.role {
        case .device(let plan):
            devices.append(
                DeviceActor(member.name, plan, NetworkSettings(member.network), on: self))
        case .appServer(let plan):
            appServers.append(
                AppServerActor(member.name, plan, NetworkSettings(member.network), on: self))
        case .external:
            // Refused before: an external app server needs real sockets.
            break
        }
    }

    var world: World { simulation.world }

    /// How long the play has lasted.
    var time: Duration { began.duration(to: world.now) }

    func instant(at time: Duration) -> Instant { began + time }

    func device(_ name: Participant) -> DeviceActor? { devices.first { $0.name == name } }

    /// The token of the one device that sent a message with this ID.
    func token(ofSenderOf id: MessageID) -> RegistrationToken? {
        let senders = devices.filter { $0.hasSent(id) }
        return senders.count == 1 ? senders[0].token : nil
    }

    func appServer(_ name: Participant) -> AppServerActor? { appServers.first { $0.name == name } }

    /// - Parameter isTimeout: as `PlayProblem.isTimeout`.
    func fail(_ reason: String, at place: SourcePlace, isTimeout: Bool = false) {
        guard problem == nil, !file.isByChance else { return }
        problem = PlayProblem(place: place, reason: reason, isTimeout: isTimeout)
    }

    // MARK: The relay's deaths

    func relayDies(_ death: Death) {
        let now = simulation.relay.clock
        simulation.relay.die(death)
        journal.forgetCrossings()
        journal.invariants.relayDied(now: now, isStored: simulation.relay.isStored)
    }

    func deviceDied(_ name: Participant, isGone: (MessageID) -> Bool) {
        journal.invariants.deviceDied(name, isGone: isGone)
    }

    /// What can be looked at from outside after anything has happened.
    func look() {
        for device in devices {
            guard let count = device.pending else { continue }
            journal.invariants.checkPending(count, limit: device.pendingLimit, of: device.name)
        }
    }

    /// The relay has ended in order: everything that is not over must be stored.
    func relayStopped() {
        let relay = simulation.relay
        journal.forgetCrossings()
        journal.invariants.relayDied(now: relay.clock, isStored: relay.isStored)
    }

    /// Nobody does anything any more.
    func lookAtEnd() {
        let relay = simulation.relay
        journal.invariants.checkStored(now: relay.clock, isStored: relay.isStored)
        if file.isByChance {
            journal.invariants.checkEverythingArrived(devices: devices.map(\.name))
        }
    }

    var record: PlayRecord {
        PlayRecord(
            journal: journal.journal, began: began, ended: world.now, problem: problem,
            violation: journal.invariants.violation)
    }
}
