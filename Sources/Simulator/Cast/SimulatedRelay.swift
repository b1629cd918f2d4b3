package import CloudMessaging
package import Nodes

/// The relay of a simulation: its disk, and one life after the other.
package final class SimulatedRelay {
    private let world: World
    private let network: Network
    private let settings: RelayNodeSettings
    private let observer: any RelayObserver
    private let disk: RelayDisk
    private var current: (life: Life, node: RelayNode)?
    /// By how much its wall clock is wrong; felt by the next life.
    package var clockOffset = Duration.zero

    init(
        in world: World, network: Network, settings: RelayNodeSettings, disk: DiskSettings,
        observer: any RelayObserver
    ) {
        self.world = world
        self.network = network
        self.settings = settings
        self.observer = observer
        self.disk = RelayDisk(in: world, settings: disk)
        network.listener = { [weak self] door in self?.accept(door) }
    }

    private func accept(_ door: RelayNode.Door) -> (any TransportEvents, Life)? {
        current.map { current in (current.node.accept(door), current.life) }
    }

    package var isRunning: Bool { current != nil }
    /// The running relay.
    package var node: RelayNode? { current?.node }

    package var storeFault: StoreFault? {
        get { disk.fault }
        set { disk.fault = newValue }
    }

    /// Whether an upstream message is durable.
    package func isStored(_ key: MessageKey) -> Bool { disk.contains(key) }

    /// Starts the relay; a store that does not open leaves it down.
    package func start() {
        guard current == nil else { return }
        network.setDark(.relay, false)
        guard let snapshot = disk.open() else { return }
        let life = Life(in: world, clockOffset: clockOffset)
        let node = RelayNode(
            settings: settings, snapshot: snapshot, scheduler: life, store: disk.queue(in: life),
            observer: observer, digest: Self.digest)
        current = (life, node)
    }

    package func die(_ death: Death) {
        guard let dying = current else { return }
        current = nil
        dying.life.end()
        network.processDied(.relay, death)
    }

    /// Ends the relay in order; new connections are refused from here on.
    package func stop(_ done: @escaping () -> Void = {}) {
        guard let stopping = current else { return done() }
        stopping.node.shutDown { [weak self] in
            stopping.life.end()
            if self?.current?.life === stopping.life { self?.current = nil }
            done()
        }
    }

    /// Nothing here needs to be hard to turn back.
    private static let digest: @Sendable ([UInt8]) -> [UInt8] = { secret in
        Array(String(FNV1a.hash(String(decoding: secret, as: UTF8.self)), radix: 16).utf8)
    }
}
