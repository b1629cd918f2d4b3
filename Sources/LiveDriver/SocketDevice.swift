import CloudMessaging
import DeviceMachine
import Journal
import MessageStore
import Nodes
import Stagecraft

/// A device of a live play: over TLS, with its outbox in memory, one life after the other.
final class SocketDevice: DeviceProcess {
    private let name: Participant
    private let settings: DeviceSettings
    private let network: SocketNetwork
    private let clock: any Scheduler
    private let journal: any EventRecorder
    private let outbox = InMemoryOutbox()
    private var entropy: Entropy
    private var clockOffset = Duration.zero
    private var current: Current?

    private struct Current {
        let life: ProcessLife
        let node: DeviceNode
        let connector: CastConnector
        let recorder: DeviceRecorder
    }

    init(
        _ name: Participant, settings: DeviceSettings, network: SocketNetwork,
        clock: any Scheduler, journal: any EventRecorder, seed: UInt64
    ) {
        self.name = name
        self.settings = settings
        self.network = network
        self.clock = clock
        self.journal = journal
        entropy = Entropy(seed: seed)
    }

    var node: DeviceNode? { current?.node }

    func start() {
        guard current == nil, let snapshot = try? outbox.open() else { return }
        let life = ProcessLife(on: clock, offset: clockOffset)
        let recorder = DeviceRecorder(name, journal: journal, scheduler: clock)
        let connector = CastConnector(network, from: name, life: life, door: .devices)
        let node = DeviceNode(
            machine: DeviceMachine(
                settings: settings, snapshot: snapshot,
                entropy: Entropy(seed: entropy.next(), life: UInt64(snapshot.life)),
                now: life.now),
            scheduler: life, connector: connector, outbox: OutboxInMemory(outbox, life),
            recorder: recorder, observe: { _ in })
        current = Current(life: life, node: node, connector: connector, recorder: recorder)
    }

    func crash() {
        guard let dying = current else { return }
        current = nil
        dying.life.end()
        dying.recorder.crashed()
        dying.connector.vanish()
    }

    func losePower() throws(CannotBeDone) {
        throw CannotBeDone("a loss of power")
    }

    func shiftClock(by change: Duration) { clockOffset += change }
}

/// Executes a device's batches at once, and answers later.
private final class OutboxInMemory: OutboxQueue {
    private let outbox: InMemoryOutbox
    private let life: ProcessLife

    init(_ outbox: InMemoryOutbox, _ life: ProcessLife) {
        self.outbox = outbox
        self.life = life
    }

    func execute(_ batch: OutboxBatch, completion: @escaping (StoreFailure?) -> Void) {
        let failure = outbox.execute(batch)
        life.afterReady { completion(failure) }
    }
}
