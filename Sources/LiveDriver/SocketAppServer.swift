import AppServerMachine
import CloudMessaging
import Journal
import Nodes
import Scenario
import Stagecraft

/// An app server of a live play, over TLS; one life after the other.
final class SocketAppServer: AppServerProcess {
    var observe: ([AppServerEvent]) -> Void = { _ in }
    private let name: Participant
    private let plan: AppServerPlan
    private let network: SocketNetwork
    private let clock: any Scheduler
    private let journal: any EventRecorder
    private var entropy: Entropy
    private var current: Current?

    private struct Current {
        let life: ProcessLife
        let node: AppServerNode
        let connector: CastConnector
        let recorder: AppServerRecorder
    }

    init(
        _ name: Participant, _ plan: AppServerPlan, network: SocketNetwork,
        clock: any Scheduler, journal: any EventRecorder, seed: UInt64
    ) {
        self.name = name
        self.plan = plan
        self.network = network
        self.clock = clock
        self.journal = journal
        entropy = Entropy(seed: seed)
    }

    var node: AppServerNode? { current?.node }

    func start() {
        if let current {
            return current.node.perform { machine, now in machine.start(now: now) }
        }
        let life = ProcessLife(on: clock)
        let recorder = AppServerRecorder(
            name, sender: plan.sender, journal: journal, scheduler: clock)
        let connector = CastConnector(
            network, from: name, life: life, door: .appServers,
            accepted: { recorder.connects($0, as: $1) })
        let node = AppServerNode(
            machine: AppServerMachine(
                settings: AppServerSettings(plan), entropy: Entropy(seed: entropy.next())),
            sender: plan.sender, key: plan.apiKey, scheduler: life, connector: connector,
            recorder: recorder, observe: { [weak self] in self?.observe($0) })
        current = Current(life: life, node: node, connector: connector, recorder: recorder)
        node.perform { machine, now in machine.start(now: now) }
    }

    func crash() {
        guard let dying = current else { return }
        current = nil
        dying.life.end()
        dying.recorder.crashed()
        dying.connector.vanish()
    }

    func stop() {
        guard let stopping = current else { return }
        current = nil
        stopping.node.stop { stopping.life.end() }
    }
}
