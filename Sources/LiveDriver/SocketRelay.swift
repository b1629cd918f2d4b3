import CloudMessaging
import Journal
import MessageStore
import NIOCore
import NIOPosix
import NetworkRuntime
import Nodes
import RelayMachine
import SQLiteStore
import Stagecraft
import TLSEngine

/// The relay of a live play: TLS on free ports, its store in a file, one life after the other.
///
/// It listens and its store opens a little after `start()`; until then it does not run. Every life
/// listens on the ports of the first.
final class SocketRelay: RelayProcess {
    let faults: SharedFaults
    private let settings: RelayNodeSettings
    private let network: SocketNetwork
    private let storeFile: String
    private let storeThread: NIOThreadPool
    private let scheduler: any Scheduler
    private let journal: any EventRecorder
    private var clockOffset = Duration.zero
    private var state = State.down

    private enum State {
        case down
        case starting(ProcessLife)
        case running(Running)
    }

    private struct Running {
        let life: ProcessLife
        let node: RelayNode
        let recorder: RelayRecorder
        let store: SQLiteStore
        var listeners: [any Channel] = []
        var ends: [SocketEnd] = []
        /// Whether it ends in order: then nobody listens any more.
        var isStopping = false
    }

    private static let doors: [RelayNode.Door] = [.appServers, .devices]

    init(
        _ settings: RelayNodeSettings, network: SocketNetwork, storeFile: String,
        storeThread: NIOThreadPool, scheduler: any Scheduler, journal: any EventRecorder
    ) {
        self.settings = settings
        self.network = network
        self.storeFile = storeFile
        self.storeThread = storeThread
        self.scheduler = scheduler
        self.journal = journal
        faults = SharedFaults(settings)
    }

    private var running: Running? {
        if case .running(let running) = state { running } else { nil }
    }

    var node: RelayNode? { running?.node }

    var clock: Instant { running?.life.now ?? scheduler.now + clockOffset }

    // MARK: Starting

    func start() {
        begin { _ in }
    }

    /// - Parameter done: told when it accepts connections, or why it cannot.
    func begin(_ done: @escaping ((any Error)?) -> Void) {
        guard case .down = state else { return }
        let life = ProcessLife(on: scheduler, offset: clockOffset)
        state = .starting(life)
        let file = storeFile
        let starting = NIOLoopBound((self, life, done), eventLoop: network.eventLoop)
        // After what the life before still wrote, and after it gave the file free.
        storeThread.runIfActive(eventLoop: network.eventLoop) {
            let store = try SQLiteStore(path: file)
            return (store, try store.open())
        }.whenComplete { result in
            let (relay, life, done) = starting.value
            switch result {
            case .success((let store, let snapshot)):
                relay.opened(store, snapshot, life, done)
            case .failure(let error):
                relay.state = .down
                done(error)
            }
        }
    }

    private func opened(
        _ store: SQLiteStore, _ snapshot: StoreSnapshot, _ life: ProcessLife,
        _ done: @escaping ((any Error)?) -> Void
    ) {
        guard !life.isOver else { return close(store) }
        let recorder = RelayRecorder(journal: journal, scheduler: scheduler)
        let worker = StoreWorker(store: store, thread: storeThread, eventLoop: network.eventLoop)
        let node = RelayNode(
            settings: settings, snapshot: snapshot, scheduler: life,
            store: StoreOfLife(worker, life), observer: recorder, faults: faults,
            digest: MessageDigest.sha256)
        network.introduceGuests(to: node)
        state = .running(Running(life: life, node: node, recorder: recorder, store: store))
        listen(Self.doors[...], life, done)
    }

    /// Opens the doors, one after the other.
    private func listen(
        _ doors: ArraySlice<RelayNode.Door>, _ life: ProcessLife,
        _ done: @escaping ((any Error)?) -> Void
    ) {
        guard let door = doors.first else { return done(nil) }
        let listening = NIOLoopBound((self, life, doors, done), eventLoop: network.eventLoop)
        ServerBootstrap.tls(
            on: network.eventLoop, network.trust.server,
            handshakeTimeout: settings.handshakeTimeout
        ) { channel in
            let (relay, life, _, _) = listening.value
            return relay.accept(door, channel, life)
        }
        .bind(host: SocketNetwork.relayHost, port: network.ports[door] ?? 0)
        .whenComplete { result in
            let (relay, life, doors, done) = listening.value
            switch result {
            case .success(let channel):
                guard !life.isOver, var running = relay.running else {
                    return channel.close(promise: nil)
                }
                running.listeners.append(channel)
                relay.state = .running(running)
                relay.network.ports[door] = channel.localAddress?.port
                relay.listen(doors.dropFirst(), life, done)
            case .failure(let error): done(error)
            }
        }
    }

    private func accept(
        _ door: RelayNode.Door, _ channel: any Channel, _ life: ProcessLife
    ) -> any TransportEvents {
        guard var running, running.life === life, !running.isStopping else { return Refusal() }
        let member = network.member(at: channel.remoteAddress)
        let end = SocketEnd(
            of: running.node.accept(door, peer: member?.text), in: running.life)
        running.ends.removeAll(where: \.isClosed)
        running.ends.append(end)
        state = .running(running)
        network.accepted(
            member, from: channel.remoteAddress, as: running.node.lastConnection, end)
        return end
    }

    // MARK: The end

    func crash() {
        switch state {
        case .down: break
        case .starting(let life):
            life.end()
            state = .down
        case .running(let dying):
            state = .down
            dying.life.end()
            dying.recorder.crashed()
            for listener in dying.listeners { listener.close(promise: nil) }
            for end in dying.ends { end.vanish() }
            close(dying.store)
        }
    }

    func losePower() throws(CannotBeDone) {
        throw CannotBeDone("a loss of power")
    }

    func stop(_ done: @escaping () -> Void) {
        guard var stopping = running else { return done() }
        stopping.isStopping = true
        state = .running(stopping)
        for listener in stopping.listeners { listener.close(promise: nil) }
        stopping.node.shutDown { [self] in
            stopping.life.end()
            guard running?.life === stopping.life else { return }
            state = .down
            close(stopping.store)
            done()
        }
    }

    private func close(_ store: SQLiteStore) {
        storeThread.submit { _ in store.close() }
    }

    func setStoreFails(_ fails: Bool) throws(CannotBeDone) {
        throw CannotBeDone("a full disk")
    }

    func shiftClock(by change: Duration) { clockOffset += change }
}

/// Answers of the store reach the life that asked, and no later one.
private final class StoreOfLife: StoreQueue {
    private let queue: any StoreQueue
    private let life: ProcessLife

    init(_ queue: any StoreQueue, _ life: ProcessLife) {
        self.queue = queue
        self.life = life
    }

    func execute(_ batch: StoreBatch, completion: @escaping (StoreResults) -> Void) {
        queue.execute(batch) { [life] results in life.run { completion(results) } }
    }
}

/// Hangs up on whoever was let in by a relay that is gone.
private final class Refusal: TransportEvents {
    func transportBegan(_ transport: any Transport) { transport.abort() }
    func transportOpened(_ transport: any Transport) {}
    func transport(_ transport: any Transport, received bytes: UnsafeRawBufferPointer) {}
    func transportReadComplete(_ transport: any Transport) {}
    func transport(_ transport: any Transport, becameWritable isWritable: Bool) {}
    func transportClosed(_ transport: any Transport, reason: TransportClosing) {}
}
