import CloudMessaging
import Nodes

/// Everything between the members of the cast and the relay.
package final class Network {
    private let world: World
    private var settings: [Host: NetworkSettings] = [:]
    /// In the order in which they were made.
    private var connections: [Connection] = []
    /// How many connections each host has made.
    private var made: [Host: Int] = [:]
    /// Pairs of hosts that do not reach each other.
    private var partitions: Set<[Host]> = []
    /// Directions in which nothing moves for now.
    private var holds: Set<[Host]> = []
    /// Machines without power.
    private var dark: Set<Host> = []
    /// Who answers at the relay's ports; nil: nobody listens.
    var listener: ((RelayNode.Door, Host) -> Accepted?)?

    /// The relay's end of a connection that it accepts.
    struct Accepted {
        let owner: any TransportEvents
        let life: Life
        /// As the relay counts its connections.
        let number: Int
    }

    init(in world: World) {
        self.world = world
    }

    package func set(_ settings: NetworkSettings, for host: Host) {
        self.settings[host] = settings
    }

    func settings(of host: Host) -> NetworkSettings { settings[host] ?? NetworkSettings() }

    /// Connections that are not over at both ends.
    package var openConnections: Int {
        connections.lazy.filter { !$0.isOver }.count
    }

    // MARK: What goes wrong

    /// Which connections of a host.
    package enum ConnectionNumber: Sendable {
        /// As the host opened them, from 1.
        case number(Int)
        case newest, oldest
        case all
    }

    /// Ends open connections between a host and the relay.
    ///
    /// - Returns: how many there were.
    @discardableResult
    package func cut(_ host: Host, _ how: Cut, on which: ConnectionNumber = .all) -> Int {
        var open = connections.filter { $0.client == host && !$0.isOver }
        switch which {
        case .all: break
        case .newest: open = open.suffix(1)
        case .oldest: open = Array(open.prefix(1))
        case .number(let number): open.removeAll { $0.number != number }
        }
        for connection in open { connection.cut(how) }
        update()
        return open.count
    }

    /// Has the host and the relay not reach each other, or reach each other again.
    package func partition(_ host: Host, _ isPartitioned: Bool) {
        let pair = [host, .relay]
        if isPartitioned { partitions.insert(pair) } else { partitions.remove(pair) }
        update()
    }

    /// Has everything wait that goes from one host to the other, or lets it go.
    package func hold(from source: Host, to target: Host, _ isHeld: Bool) {
        if isHeld { holds.insert([source, target]) } else { holds.remove([source, target]) }
        update()
    }

    /// Everybody reaches everybody, and nothing is held.
    package func repairAll() {
        partitions = []
        holds = []
        update()
    }

    /// The power of a machine goes, or comes back.
    func setDark(_ host: Host, _ isDark: Bool) {
        if isDark { dark.insert(host) } else { dark.remove(host) }
        update()
    }

    private func update() {
        connections.removeAll(where: \.isOver)
        for connection in connections {
            connection.update(
                upward: passage(from: connection.client, to: connection.server),
                downward: passage(from: connection.server, to: connection.client))
        }
    }

    private func passage(from source: Host, to target: Host) -> Passage {
        if isBroken(source) || isBroken(target) { return .broken }
        if holds.contains([source, target]) { return .held }
        return .open
    }

    private func isBroken(_ host: Host) -> Bool {
        dark.contains(host) || partitions.contains([host, .relay])
    }

    // MARK: Connections

    /// Whether a packet from a host comes back answered.
    private func isReachable(_ host: Host) -> Bool {
        passage(from: host, to: .relay) == .open && passage(from: .relay, to: host) == .open
    }

    func connect(
        from host: Host, life: Life, door: RelayNode.Door, owner: any TransportEvents,
        accepted: @escaping (_ number: Int) -> Void,
        failed: @escaping (TransportClosing) -> Void
    ) {
        let latency = settings(of: host).latency
        world.schedule(after: latency) { [self] in
            guard isReachable(host) else {
                world.schedule(after: NetworkSettings.connectTimeout) {
                    life.run { failed(.failed("no connection to the relay: no answer in time")) }
                }
                return
            }
            guard !life.isOver, let server = listener?(door, host) else {
                world.schedule(after: latency) {
                    life.run { failed(.failed("no connection to the relay: connection refused")) }
                }
                return
            }
            made[host, default: 0] += 1
            let connection = Connection(
                number: made[host, default: 0], from: host,
                SimulatedTransport(in: world, life: life, owner: owner, failed: failed), to: .relay,
                SimulatedTransport(in: world, life: server.life, owner: server.owner), in: world,
                settings: settings(of: host))
            connections.removeAll(where: \.isOver)
            connections.append(connection)
            accepted(server.number)
            connection.begin(in: world, latency: latency)
        }
    }

    /// A process is gone; the kernel hangs up for it, unless the whole machine is gone.
    func processDied(_ host: Host, _ death: Death) {
        for connection in connections {
            if connection.client == host { connection.clientEnd.vanish(death) }
            if connection.server == host { connection.serverEnd.vanish(death) }
        }
        if death == .powerCut { setDark(host, true) }
    }
}

/// Connects a process of the cast to the relay.
final class SimulatedConnector: Connector {
    private let network: Network
    private let host: Host
    private let life: Life
    private let door: RelayNode.Door
    /// Told how the relay counts the connection of an owner.
    private let accepted: (any TransportEvents, Int) -> Void

    init(
        _ network: Network, from host: Host, life: Life, door: RelayNode.Door,
        accepted: @escaping (any TransportEvents, Int) -> Void = { _, _ in }
    ) {
        self.accepted = accepted
        self.network = network
        self.host = host
        self.life = life
        self.door = door
    }

    func connect(
        owner: any TransportEvents, failed: @escaping (TransportClosing) -> Void
    ) {
        network.connect(
            from: host, life: life, door: door, owner: owner,
            accepted: { [accepted] in accepted(owner, $0) }, failed: failed)
    }
}
