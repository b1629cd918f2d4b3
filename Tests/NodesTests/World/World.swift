import AppServerMachine
import CloudMessaging
import DeviceMachine
import FaultPlays
import Journal
import MessageStore
import Nodes
import RelayMachine

/// A relay and who talks to it, on one thread and on virtual time; all of them write one journal.
final class World {
    static let sender = SenderID("4711")!
    static let app = Category("com.example.courier")!
    static let key = "AIza-the-key-of-4711"

    let scheduler = VirtualScheduler()
    let shared = SharedJournal()
    let store: MemoryStoreQueue
    let relay: RelayNode
    let recorder: RelayRecorder
    private let namesPeers: Bool
    private var lastRequest = 0
    /// Connections, in the order in which they came, at the client's end.
    private(set) var connections: [MemoryTransport] = []

    /// - Parameter namesPeers: whether the relay is told who connects, as only a scenario can.
    init(
        namesPeers: Bool = true, _ adjust: (inout RelayNodeSettings) throws -> Void = { _ in }
    ) throws {
        self.namesPeers = namesPeers
        var settings = RelayNodeSettings(seed: 1)
        settings.machine.retry.jitter = 0
        settings.machine.projects = [Self.sender: Self.key]
        try adjust(&settings)
        store = MemoryStoreQueue(scheduler)
        recorder = RelayRecorder(journal: shared, scheduler: scheduler)
        relay = RelayNode(
            settings: settings, snapshot: try store.store.open(), scheduler: scheduler,
            store: store, observer: recorder,
            digest: { $0.reversed() })
    }

    /// A device that goes online and registers its app with the sender.
    func phone(
        _ name: String = "phone", _ adjust: (inout DeviceSettings) -> Void = { _ in }
    ) throws -> DeviceNode {
        var settings = DeviceSettings()
        settings.reconnect.jitter = 0
        adjust(&settings)
        let queue = MemoryOutboxQueue(scheduler)
        let recorder = DeviceRecorder(
            Participant(name), journal: shared, scheduler: scheduler)
        let node = DeviceNode(
            machine: DeviceMachine(
                settings: settings, snapshot: try queue.outbox.open(), entropy: Entropy(seed: 2),
                now: scheduler.now),
            scheduler: scheduler, connector: MemoryConnector(self, .devices, name) { _ in },
            outbox: queue,
            recorder: recorder, observe: { _ in })
        node.perform { machine, now in
            machine.goOnline(now: now)
            _ = machine.register(Self.app, senders: [Self.sender])
        }
        return node
    }

    /// An app server that connects.
    func shop(
        _ name: String = "shop", key: String = World.key, sender: SenderID = World.sender,
        _ adjust: (inout AppServerSettings) -> Void = { _ in }
    ) -> AppServerNode {
        var settings = AppServerSettings()
        settings.reconnect.jitter = 0
        adjust(&settings)
        let recorder = AppServerRecorder(
            Participant(name), sender: sender, journal: shared, scheduler: scheduler)
        let node = AppServerNode(
            machine: AppServerMachine(settings: settings, entropy: Entropy(seed: 3)),
            sender: sender, key: key, scheduler: scheduler,
            connector: MemoryConnector(self, .appServers, name) { [unowned self] owner in
                recorder.connects(owner, as: relay.lastConnection)
            },
            recorder: recorder,
            observe: { _ in })
        node.perform { machine, now in machine.start(now: now) }
        return node
    }

    fileprivate func connect(
        _ owner: any TransportEvents, _ door: RelayNode.Door, _ name: String,
        _ connects: (any TransportEvents) -> Void
    ) {
        let link = relay.accept(door, peer: namesPeers ? name : nil)
        connects(owner)
        connections.append(MemoryTransport.connect(owner, link, on: scheduler))
    }

    func run(for duration: Duration) { scheduler.run(for: duration) }

    /// An app server that sends a message down.
    func send(
        _ id: String, to target: OutgoingMessage.Target, from shop: AppServerNode,
        _ adjust: (inout OutgoingMessage) -> Void = { _ in }
    ) {
        var message = OutgoingMessage(to: target, id: MessageID(id)!)
        message.data = DataPayload([("code", "A7")])
        adjust(&message)
        lastRequest += 1
        shop.send(DownstreamRequest(id: DownstreamRequestID(lastRequest), message)) { _ in }
    }

    /// The client of a connection, counted from 1, writes what its library would not.
    func inject(_ stanza: String, on connection: Int) {
        var bytes = Array(stanza.utf8)
        connections[connection - 1].write(&bytes)
    }

    func inject(frame json: String, on connection: Int) {
        inject(
            #"<message><gcm xmlns="google:mobile:data">\#(json)</gcm></message>"#, on: connection)
    }

    // MARK: What the journal says

    var events: [JournalEvent] { shared.journal.events().events }

    func events(_ kind: JournalEvent.Kind) -> [JournalEvent] {
        events.filter { $0.kind == kind }
    }

    /// The states of a message, in order, those of stanzas included.
    func states(of id: String) -> [MessageState] {
        events.filter { $0.messageID == MessageID(id) }.compactMap(\.state)
    }

    /// The kinds from an event back to the first that led to it.
    func causes(of event: JournalEvent) -> [JournalEvent.Kind] {
        var kinds = [event.kind]
        var event = event
        while let cause = cause(of: event) {
            kinds.append(cause.kind)
            event = cause
        }
        return kinds
    }

    func cause(of event: JournalEvent) -> JournalEvent? {
        event.cause.flatMap { shared.journal.event($0) }
    }

    var lines: String {
        var bytes: [UInt8] = []
        for event in events { event.appendLine(to: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }
}

private final class MemoryConnector: Connector {
    private unowned let world: World
    private let door: RelayNode.Door
    private let name: String
    private let connects: (any TransportEvents) -> Void

    init(
        _ world: World, _ door: RelayNode.Door, _ name: String,
        connects: @escaping (any TransportEvents) -> Void
    ) {
        self.world = world
        self.door = door
        self.name = name
        self.connects = connects
    }

    func connect(
        owner: any TransportEvents, failed: @escaping (TransportClosing) -> Void
    ) {
        let (world, door, name, connects) = (world, door, name, connects)
        world.scheduler.afterReady { world.connect(owner, door, name, connects) }
    }
}

extension DeviceNode {
    func send(
        _ id: String, data: DataPayload = .empty, timeToLive: Int? = nil,
        to sender: SenderID = World.sender
    ) {
        send(
            SendRequest(
                category: World.app, to: "\(sender)@gcm.googleapis.com", id: id, data: data,
                timeToLive: timeToLive)
        ) { _ in }
    }
}

extension DeviceNode {
    var token: RegistrationToken? { machine.registration(of: World.app)?.token }

    func ask(_ request: AppRequest) {
        self.request(request, of: World.app, token: nil) { _ in }
    }
}

extension World {
    /// An app server on the wire; its connection is accepted at once.
    func wire() -> WireClient {
        let client = WireClient(sender: Self.sender, key: Self.key)
        _ = MemoryTransport.connect(
            client, relay.accept(.appServers, peer: "shop"), on: scheduler)
        return client
    }
}
