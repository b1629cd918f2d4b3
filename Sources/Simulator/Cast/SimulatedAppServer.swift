import AppServerMachine
import CloudMessaging
package import Nodes

/// An app server of a simulation: no disk, one life after the other.
package final class SimulatedAppServer {
    package let host: Host
    private let world: World
    private let network: Network
    private let settings: AppServerSettings
    private let sender: SenderID
    private let key: String
    private let observe: ([AppServerEvent]) -> Void
    private var entropy: Entropy
    private var current: (life: Life, node: AppServerNode)?

    init(
        _ host: Host, in world: World, network: Network, settings: AppServerSettings,
        sender: SenderID, key: String, observe: @escaping ([AppServerEvent]) -> Void
    ) {
        self.host = host
        self.world = world
        self.network = network
        self.settings = settings
        self.sender = sender
        self.key = key
        self.observe = observe
        entropy = world.forkEntropy()
    }

    package var isRunning: Bool { current != nil }
    /// The running app server.
    package var node: AppServerNode? { current?.node }

    /// Starts the app server; it connects at once.
    package func start() {
        guard current == nil else { return }
        network.setDark(host, false)
        let life = Life(in: world, clockOffset: .zero)
        let node = AppServerNode(
            machine: AppServerMachine(
                settings: settings, entropy: Entropy(seed: entropy.next())),
            sender: sender, key: key, scheduler: life,
            connector: SimulatedConnector(network, from: host, life: life, door: .appServers),
            observe: observe)
        current = (life, node)
        node.perform { machine, now in machine.start(now: now) }
    }

    package func die(_ death: Death) {
        guard let dying = current else { return }
        current = nil
        dying.life.end()
        network.processDied(host, death)
    }

    /// Closes every connection in order, after the ACKs given so far.
    package func stop(_ done: @escaping () -> Void = {}) {
        guard let stopping = current else { return done() }
        stopping.node.stop { [weak self] in
            stopping.life.end()
            if self?.current?.life === stopping.life { self?.current = nil }
            done()
        }
    }
}
