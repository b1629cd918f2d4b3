package import CloudMessaging
package import Invariants
package import Nodes

/// The relay of a simulation: its disk, and one life after the other.
package final class SimulatedRelay {
    private let world: World
    private let network: Network
    private let settings: RelayNodeSettings
    private let journal: any EventRecorder
    private let disk: RelayDisk
    /// What goes wrong on purpose, in all its lives.
    package let faults: SharedFaults
    private var current: (life: Life, node: RelayNode, recorder: RelayRecorder)?
    /// Whether it ends in order: then nobody listens any more.
    private var isStopping = false
    /// By how much its wall clock is wrong; felt by the next life.
    package var clockOffset = Duration.zero

    init(
        in world: World, network: Network, settings: RelayNodeSettings, disk: DiskSettings,
        journal: any EventRecorder
    ) {
        self.world = world
        self.network = network
        self.settings = settings
        self.journal = journal
        faults = SharedFaults(settings)
        self.disk = RelayDisk(in: world, settings: disk)
        network.listener = { [weak self] door, host in self?.accept(door, from: host) }
    }

    private func accept(
        _ door: RelayNode.Door, from host: Host
    ) -> Network.Accepted? {
        guard let current, !isStopping else { return nil }
        let owner = current.node.accept(door, peer: host.name)
        return Network.Accepted(
            owner: owner, life: current.life, number: current.node.lastConnection)
    }

    package var isRunning: Bool { current != nil }
    /// The running relay.
    package var node: RelayNode? { current?.node }
    /// The time by its clock, or by that of its next life.
    package var clock: Instant { current?.life.now ?? world.now + clockOffset }

    package var storeFault: StoreFault? {
        get { disk.fault }
        set { disk.fault = newValue }
    }

    /// What is durable.
    package var stored: StoreContents {
        StoreContents(isStored: disk.contains, standing: disk.standing)
    }

    /// Starts the relay; a store that does not open leaves it down.
    package func start() {
        guard current == nil else { return }
        network.setDark(.relay, false)
        guard let snapshot = disk.open() else { return }
        let life = Life(in: world, clockOffset: clockOffset)
        let recorder = RelayRecorder(journal: journal, scheduler: world.clock)
        let node = RelayNode(
            settings: settings, snapshot: snapshot, scheduler: life, store: disk.queue(in: life),
            observer: recorder, faults: faults, digest: Self.digest)
        current = (life, node, recorder)
        isStopping = false
    }

    package func die(_ death: Death) {
        guard let dying = current else { return }
        current = nil
        dying.life.end()
        if death == .powerCut { dying.recorder.powerCut() }
        dying.recorder.crashed()
        network.processDied(.relay, death)
    }

    /// Ends the relay in order; new connections are refused from here on.
    ///
    /// - Parameter done: called when it has ended.
    package func stop(_ done: @escaping () -> Void = {}) {
        guard let stopping = current else { return done() }
        isStopping = true
        stopping.node.shutDown { [weak self] in
            stopping.life.end()
            guard let self, current?.life === stopping.life else { return }
            current = nil
            done()
        }
    }

    /// Nothing here needs to be hard to turn back.
    private static let digest: @Sendable ([UInt8]) -> [UInt8] = { secret in
        Array(String(FNV1a.hash(String(decoding: secret, as: UTF8.self)), radix: 16).utf8)
    }
}
