import AppServerMachine
import CloudMessaging
import Journal
package import Nodes

/// An app server of a simulation: no disk, one life after the other.
package final class SimulatedAppServer {
    package let host: Host
    /// Told what the app server tells whoever runs it.
    package var observe: ([AppServerEvent]) -> Void = { _ in }
    private let world: World
    private let network: Network
    private let settings: AppServerSettings
    private let sender: SenderID
    private let key: String
    private let journal: any EventRecorder
    private var entropy: Entropy
    private var current: (life: Life, node: AppServerNode, recorder: AppServerRecorder)?

    init(
        _ host: Host, in world: World, network: Network, settings: AppServerSettings,
        sender: SenderID, key: String, journal: any EventRecorder
    ) {
        self.host = host
        self.world = world
        self.network = network
        self.settings = settings
        self.sender = sender
        self.key = key
        self.journal = journal
        entropy = world.forkEntropy()
    }

    package var isRunning: Bool { current != nil }
    /// The running app server.
    package var node: AppServerNode? { current?.node }

    /// Starts the app server; it connects at once. One that runs opens what connections it misses.
    package func start() {
        if let current {
            return current.node.perform { machine, now in machine.start(now: now) }
        }
        network.setDark(host, false)
        let life = Life(in: world, clockOffset: .zero)
        let recorder = AppServerRecorder(
            Participant(host.name), sender: sender, journal: journal, scheduler: world.clock)
        let node = AppServerNode(
            machine: AppServerMachine(
                settings: settings, entropy: Entropy(seed: entropy.next())),
            sender: sender, key: key, scheduler: life,
            connector: SimulatedConnector(
                network, from: host, life: life, door: .appServers,
                accepted: { recorder.connects($0, as: $1) }),
            recorder: recorder, observe: { [weak self] in self?.observe($0) })
        current = (life, node, recorder)
        node.perform { machine, now in machine.start(now: now) }
    }

    package func die(_ death: Death) {
        guard let dying = current else { return }
        current = nil
        dying.life.end()
        dying.recorder.crashed()
        network.processDied(host, death)
    }

    /// Closes every connection in order, after the ACKs given so far.
    ///
    /// - Parameter done: called when all have hung up.
    package func stop(_ done: @escaping () -> Void) {
        guard let stopping = current else { return done() }
        current = nil
        stopping.node.stop {
            stopping.life.end()
            done()
        }
    }
}
