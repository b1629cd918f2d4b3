import CloudMessaging
import DeviceMachine
package import Nodes

/// A device of a simulation: its disk, and one life after the other.
package final class SimulatedDevice {
    package let host: Host
    private let world: World
    private let network: Network
    private let settings: DeviceSettings
    private let observe: (DeviceEvent) -> Void
    private let disk: OutboxDisk
    private var entropy: Entropy
    private var current: (life: Life, node: DeviceNode)?
    /// By how much its wall clock is wrong; felt by the next life.
    package var clockOffset = Duration.zero

    init(
        _ host: Host, in world: World, network: Network, settings: DeviceSettings,
        disk: DiskSettings, observe: @escaping (DeviceEvent) -> Void
    ) {
        self.host = host
        self.world = world
        self.network = network
        self.settings = settings
        self.observe = observe
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
        let machine = DeviceMachine(
            settings: settings, snapshot: snapshot,
            entropy: Entropy(seed: entropy.next(), life: UInt64(snapshot.life)), now: life.now)
        let node = DeviceNode(
            machine: machine, scheduler: life,
            connector: SimulatedConnector(network, from: host, life: life, door: .devices),
            outbox: disk.queue(in: life), observe: observe)
        current = (life, node)
    }

    package func die(_ death: Death) {
        guard let dying = current else { return }
        current = nil
        dying.life.end()
        network.processDied(host, death)
    }
}
