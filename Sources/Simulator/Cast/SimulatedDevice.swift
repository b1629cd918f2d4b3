import CloudMessaging
import DeviceMachine
import Journal
package import Nodes

/// A device of a simulation: its disk, and one life after the other.
package final class SimulatedDevice {
    package let host: Host
    /// Told what the device tells whoever runs it.
    package var observe: (DeviceEvent) -> Void = { _ in }
    private let world: World
    private let network: Network
    private let settings: DeviceSettings
    private let journal: any EventRecorder
    private let disk: OutboxDisk
    private var entropy: Entropy
    private var current: (life: Life, node: DeviceNode, recorder: DeviceRecorder)?
    /// By how much its wall clock is wrong; felt by the next life.
    package var clockOffset = Duration.zero

    init(
        _ host: Host, in world: World, network: Network, settings: DeviceSettings,
        disk: DiskSettings, journal: any EventRecorder
    ) {
        self.host = host
        self.world = world
        self.network = network
        self.settings = settings
        self.journal = journal
        self.disk = OutboxDisk(in: world, settings: disk)
        entropy = world.forkEntropy()
    }

    package var isRunning: Bool { current != nil }
    /// The running device.
    package var node: DeviceNode? { current?.node }

    package var storeFault: StoreFault? {
        get { disk.fault }
        set { disk.fault = newValue }
    }

    /// Starts the device, offline; a state that does not open leaves it down.
    package func start() {
        guard current == nil else { return }
        network.setDark(host, false)
        guard let snapshot = disk.open() else { return }
        let life = Life(in: world, clockOffset: clockOffset)
        let recorder = DeviceRecorder(
            Participant(host.name), journal: journal, scheduler: world.clock)
        let node = DeviceNode(
            machine: DeviceMachine(
                settings: settings, snapshot: snapshot,
                entropy: Entropy(seed: entropy.next(), life: UInt64(snapshot.life)),
                now: life.now),
            scheduler: life,
            connector: SimulatedConnector(network, from: host, life: life, door: .devices),
            outbox: disk.queue(in: life), recorder: recorder,
            observe: { [weak self] in self?.observe($0) })
        current = (life, node, recorder)
    }

    package func die(_ death: Death) {
        guard let dying = current else { return }
        current = nil
        dying.life.end()
        dying.recorder.crashed()
        network.processDied(host, death)
    }
}
