import CloudMessaging
import Journal
import NIOCore
import NetworkRuntime
import Nodes
import RelayMachine
import Scenario
import TLSEngine

/// The connections of a play over real sockets. Each member of the cast has an address of its own
/// in 127.0.0.0/8, so the relay's side knows who comes.
final class SocketNetwork {
    let eventLoop: any EventLoop
    let trust: LiveTrust
    /// Where the relay listens, or did before it ended.
    var ports: [RelayNode.Door: Int] = [:]
    private var hosts: [Participant] = []
    /// App servers under test come from wherever they like.
    private let guests: [(name: Participant, plan: ExternalPlan)]
    /// In the order in which they were made.
    private var connections: [Connection] = []
    private var made: [Participant: Int] = [:]

    static let relayHost = "127.0.0.1"

    private final class Connection {
        /// Nil: it is not known, or not known yet.
        private(set) var member: Participant?
        /// Among those of its member, from 1.
        private(set) var number = 0
        /// As the relay counts its connections.
        let relayNumber: Int
        /// The address and port of the client.
        let client: SocketAddress?
        let relayEnd: SocketEnd
        /// Nil for a program of the user's.
        var clientEnd: SocketEnd?

        init(relayNumber: Int, client: SocketAddress?, relayEnd: SocketEnd) {
            self.relayNumber = relayNumber
            self.client = client
            self.relayEnd = relayEnd
        }

        func belongs(to member: Participant, asNumber number: Int) {
            self.member = member
            self.number = number
        }

        var ends: [SocketEnd] { [clientEnd, relayEnd].compactMap(\.self) }
        var isOver: Bool { ends.allSatisfy(\.isClosed) }
    }

    init(of file: ScenarioFile, on eventLoop: any EventLoop, trust: LiveTrust) {
        self.eventLoop = eventLoop
        self.trust = trust
        hosts = file.cast.map(\.name)
        guests = file.cast.compactMap { member in
            guard case .external(let plan) = member.role else { return nil }
            return (member.name, plan)
        }
    }

    // MARK: Who is who

    /// The first address is the relay's.
    private static let firstHost = 2

    func address(of member: Participant) -> SocketAddress? {
        hosts.firstIndex(of: member).flatMap { index in
            let number = index + Self.firstHost
            return try? SocketAddress(
                ipAddress: "127.0.\(number / 256).\(number % 256)", port: 0)
        }
    }

    /// Who connects from an address; nil: nobody whom the driver plays.
    func member(at address: SocketAddress?) -> Participant? {
        guard let parts = address?.ipAddress?.split(separator: ".").compactMap({ Int($0) }),
            parts.count == 4
        else { return nil }
        let index = parts[2] * 256 + parts[3] - Self.firstHost
        return hosts.indices.contains(index) ? hosts[index] : nil
    }

    /// Has a node know the app servers under test by their logins.
    func introduceGuests(to node: RelayNode) {
        node.recognize = { [weak self] id, sender, key in
            guard let self,
                let guest = guests.first(where: {
                    $0.plan.sender == sender && $0.plan.apiKey == key
                })
            else { return nil }
            if let connection = connections.last(where: { $0.relayNumber == id.rawValue }) {
                name(connection, guest.name)
            }
            return guest.name.text
        }
    }

    private func name(_ connection: Connection, _ member: Participant) {
        made[member, default: 0] += 1
        connection.belongs(to: member, asNumber: made[member, default: 0])
    }

    // MARK: Connections

    /// - Parameter member: nil: who it is shows when it logs in.
    func accepted(
        _ member: Participant?, from client: SocketAddress?, as relayNumber: Int, _ end: SocketEnd
    ) {
        connections.removeAll(where: \.isOver)
        let connection = Connection(relayNumber: relayNumber, client: client, relayEnd: end)
        if let member { name(connection, member) }
        connections.append(connection)
    }

    /// The client's end of a connection that was accepted.
    ///
    /// - Returns: how the relay counts it.
    func opened(_ end: SocketEnd, from client: SocketAddress?) -> Int? {
        let connection = connections.last { $0.client == client && $0.clientEnd == nil }
        connection?.clientEnd = end
        return connection?.relayNumber
    }

    func cut(_ member: Participant, _ how: HowCut, on choice: ConnectionChoice) -> Int {
        var open = connections.filter { $0.member == member && !$0.isOver }
        switch choice {
        case .all: break
        case .newest: open = open.suffix(1)
        case .oldest: open = Array(open.prefix(1))
        case .number(let number): open.removeAll { $0.number != number }
        }
        for connection in open {
            for end in connection.ends {
                switch how {
                case .reset: end.reset()
                case .fin: end.close()
                case .silent: end.fallSilent()
                }
            }
        }
        return open.count
    }
}

/// Connects a process of the cast to the relay.
final class CastConnector: Connector {
    private let network: SocketNetwork
    private let member: Participant
    private let life: ProcessLife
    private let door: RelayNode.Door
    private let accepted: (any TransportEvents, Int) -> Void
    /// The ends that are not over, to be lost with the process.
    private var ends: [SocketEnd] = []

    /// - Parameter accepted: told how the relay counts the connection of an owner.
    init(
        _ network: SocketNetwork, from member: Participant, life: ProcessLife,
        door: RelayNode.Door, accepted: @escaping (any TransportEvents, Int) -> Void = { _, _ in }
    ) {
        self.network = network
        self.member = member
        self.life = life
        self.door = door
        self.accepted = accepted
    }

    func connect(
        owner: any TransportEvents, failed: @escaping (TransportClosing) -> Void
    ) {
        let relay = RelayAddress(
            host: SocketNetwork.relayHost, port: network.ports[door] ?? 0)
        let attempt = Attempt()
        let end = SocketEnd(of: owner, in: life) { [network, accepted] in
            guard let end = attempt.end,
                let number = network.opened(end, from: attempt.client)
            else { return }
            accepted(owner, number)
        }
        attempt.end = end
        ends.removeAll(where: \.isClosed)
        ends.append(end)
        let connecting = NIOLoopBound((attempt, failed, life), eventLoop: network.eventLoop)
        relay.connect(
            tls: network.trust.client, on: network.eventLoop, owner: end,
            from: network.address(of: member)
        ).whenComplete { result in
            let (attempt, failed, life) = connecting.value
            switch result {
            case .success(let channel): attempt.client = channel.localAddress
            case .failure(let error):
                life.run { failed(TransportClosing(connecting: relay, error)) }
            }
        }
    }

    /// The process is gone.
    func vanish() {
        for end in ends { end.vanish() }
        ends = []
    }

    private final class Attempt {
        weak var end: SocketEnd?
        var client: SocketAddress?
    }
}
