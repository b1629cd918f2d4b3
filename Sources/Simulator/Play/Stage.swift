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
    private(set) var journal: Journal
    private(set) var invariants: Invariants
    /// Told of each event after it was recorded.
    var audience: (JournalEvent) -> Void = { _ in }
    /// The first step that could not be done.
    private(set) var problem: PlayProblem?
    private let began: Instant

    /// Events that a play may have; beyond, the oldest are forgotten.
    static let journalLimit = 1 << 20

    init(_ file: ScenarioFile, seed: UInt64) {
        self.file = file
        journal = Journal(limit: Self.journalLimit)
        invariants = Invariants(
            maxUnacked: file.relay.maxUnacked ?? Limits.unackedPerConnection,
            ordersFirstWrites: (file.relay.reconnectHoldback ?? .zero) == .zero)
        simulation = Simulation(seed: seed) { file.relay.apply(to: &$0) }
        began = simulation.world.now
        simulation.journal = self
        for member in file.cast { bringOn(member) }
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

    func appServer(_ name: Participant) -> AppServerActor? { appServers.first { $0.name == name } }

    func fail(_ reason: String, at place: SourcePlace) {
        if problem == nil { problem = PlayProblem(place: place, reason: reason) }
    }

    // MARK: The relay's deaths

    func relayDies(_ death: Death) {
        let now = simulation.relay.clock
        simulation.relay.die(death)
        invariants.relayDied(now: now, isStored: simulation.relay.isStored)
    }

    func deviceDied(_ name: Participant) {
        invariants.deviceDied(name)
    }

    /// What can be looked at from outside after anything has happened.
    func look() {
        for device in devices {
            guard let count = device.pending else { continue }
            invariants.checkPending(count, limit: device.pendingLimit, of: device.name)
        }
    }

    /// Nobody does anything any more.
    func lookAtEnd() {
        let relay = simulation.relay
        invariants.checkStored(now: relay.clock, relay.isStored)
    }

    var record: PlayRecord {
        PlayRecord(
            journal: journal, began: began, ended: world.now, problem: problem,
            violation: invariants.violation)
    }
}

extension Stage: EventRecorder {
    @discardableResult
    func record(_ event: JournalEvent) -> UInt64 {
        let number = journal.record(event)
        if let event = journal.event(number) {
            invariants.observe(event)
            audience(event)
        }
        return number
    }
}
