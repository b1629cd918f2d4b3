import CloudMessaging
import Nodes

/// One connection between a client and the relay, with both directions.
final class Connection {
    /// Among those of its client, from 1.
    let number: Int
    let client: Host
    let server: Host
    let clientEnd: SimulatedTransport
    let serverEnd: SimulatedTransport
    private let upward: Pipe
    private let downward: Pipe
    /// From here on neither side hears the other, and neither knows.
    private var isSilent = false

    init(
        number: Int, from client: Host, _ clientEnd: SimulatedTransport, to server: Host,
        _ serverEnd: SimulatedTransport, in world: World, settings: NetworkSettings
    ) {
        self.number = number
        self.client = client
        self.server = server
        self.clientEnd = clientEnd
        self.serverEnd = serverEnd
        upward = Pipe(to: serverEnd, in: world, settings: settings)
        downward = Pipe(to: clientEnd, in: world, settings: settings)
        clientEnd.join(serverEnd, output: upward)
        serverEnd.join(clientEnd, output: downward)
    }

    var isOver: Bool { clientEnd.isClosed && serverEnd.isClosed }

    /// TCP has connected: the client's hello is on its way, and TLS 1.3 takes its turns. Nothing
    /// overtakes the end of the handshake.
    func begin(in world: World, latency: Duration) {
        serverEnd.begin()
        upward.delay(until: world.now + latency.scaled(by: 4))
        world.schedule(after: latency) { [clientEnd] in clientEnd.begin() }
        world.schedule(after: latency.scaled(by: 3)) { [clientEnd] in clientEnd.opened() }
        world.schedule(after: latency.scaled(by: 4)) { [serverEnd] in serverEnd.opened() }
    }

    /// Ends the connection from outside.
    func cut(_ how: Cut) {
        switch how {
        case .reset:
            clientEnd.breakOff(.failed("the connection was reset"))
            serverEnd.breakOff(.failed("the connection was reset"))
        case .fin:
            clientEnd.close()
            serverEnd.close()
        case .silent:
            isSilent = true
        }
    }

    /// Takes over what the network lets through.
    func update(upward up: Passage, downward down: Passage) {
        for (pipe, passage) in [(upward, up), (downward, down)] {
            pipe.timesOut = passage != .held || isSilent
            pipe.isPassable = passage == .open && !isSilent
        }
    }
}

/// How a connection is ended from outside.
package enum Cut: String, Sendable, CaseIterable {
    /// Both ends are told at once.
    case reset
    /// Both ends close in order.
    case fin
    /// Nothing comes through any more, and nobody is told.
    case silent
}

/// Whether bytes come through in one direction.
enum Passage {
    case open
    /// They wait, as long as it takes.
    case held
    /// They are lost; what is acknowledged by nobody for long ends the connection.
    case broken
}
