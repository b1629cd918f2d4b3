import CloudMessaging
import Testing

@testable import AppServerMachine

/// What a random walk knows of the world, and what must hold after every step of it.
struct WalkModel {
    struct Delivery: Hashable {
        let connection: AppServerConnectionID
        let pair: MessagePair
    }

    struct Message: Hashable {
        let pair: MessagePair
        let data: DataPayload
    }

    struct Written: Hashable {
        let request: DownstreamRequestID
        let connection: AppServerConnectionID
    }

    private let acknowledgedBy: Acknowledger
    /// Requests without an outcome.
    private(set) var open: [DownstreamRequestID] = []
    /// Those of them that the relay is to answer.
    private(set) var onWire: [Written] = []
    private(set) var endedRequests = 0
    private var lastRequest = DownstreamRequestID(0)
    private(set) var opening: [AppServerConnectionID] = []
    private(set) var bound: [AppServerConnectionID] = []
    private(set) var draining: [AppServerConnectionID] = []
    private var lastConnection = AppServerConnectionID(0)
    /// What each connection carried and was not ACKed there, oldest first.
    private var unanswered: [Delivery: [DataPayload]] = [:]
    private var acknowledged: Set<Message> = []
    private var attempts: [MessagePair: Int] = [:]

    init(_ acknowledgedBy: Acknowledger) {
        self.acknowledgedBy = acknowledgedBy
    }

    /// Connections that are bound, whether they drain or not.
    var carrying: [AppServerConnectionID] { bound + draining }

    mutating func observe(_ actions: [AppServerAction], in phase: AppServerMachine.Phase) {
        for action in actions {
            switch action {
            case .connect(let id):
                #expect(phase == .running)
                #expect(id > lastConnection)
                lastConnection = id
                opening.append(id)
            case .close(let id):
                #expect(phase != .running)
                forget(id)
            case .connected(let id):
                bound.append(id)
            case .draining(let id):
                #expect(bound.contains(id))
                bound.removeAll { $0 == id }
                draining.append(id)
            case .upstream(let message, let id, let attempt):
                attempts[message.pair, default: 0] += 1
                #expect(attempt == attempts[message.pair])
                unanswered[Delivery(connection: id, pair: message.pair), default: []]
                    .append(message.data)
            case .acknowledge(let pair, let id):
                acknowledge(pair, on: id)
            case .request(let request, let id):
                written(request.id, on: id)
            case .requestEnded(let id, _):
                #expect(open.contains(id))
                endedRequests += 1
                open.removeAll { $0 == id }
                onWire.removeAll { $0.request == id }
            case .connectionFailed, .authenticationFailed, .disconnected, .acknowledged, .skipped,
                .receipt, .acknowledgeReceipt, .rejected:
                break
            }
        }
    }

    /// The connection is gone, or was never there.
    mutating func forget(_ id: AppServerConnectionID) {
        opening.removeAll { $0 == id }
        bound.removeAll { $0 == id }
        draining.removeAll { $0 == id }
    }

    /// The next request to be sent.
    mutating func newRequest() -> DownstreamRequest {
        lastRequest = DownstreamRequestID(lastRequest.rawValue + 1)
        open.append(lastRequest)
        return DownstreamRequest(lastRequest.rawValue)
    }

    /// The relay answers it.
    mutating func answered(_ written: Written) {
        onWire.removeAll { $0 == written }
    }

    private mutating func written(_ request: DownstreamRequestID, on id: AppServerConnectionID) {
        #expect(bound.contains(id), "\(request) was written on \(id), which is not open")
        #expect(open.contains(request))
        #expect(!onWire.contains { $0.request == request }, "\(request) is on two wires")
        onWire.append(Written(request: request, connection: id))
        #expect(onWire.count { $0.connection == id } <= RandomWalkTests.requestsPerConnection)
    }

    mutating func isNoLongerOpening(_ id: AppServerConnectionID) {
        opening.removeAll { $0 == id }
    }

    func check(_ machine: AppServerMachine, at now: Instant) {
        let waiting = machine.slots.count {
            if case .waiting = $0.state { true } else { false }
        }
        switch machine.phase {
        case .running:
            #expect(opening.count + bound.count + waiting == machine.settings.connections)
        case .idle, .stopped, .refused:
            #expect(opening.count + bound.count + draining.count + waiting == 0)
            #expect(machine.nextDeadline == .never || machine.waitingRequests > 0)
        }
        #expect(machine.nextDeadline > now)
        if machine.phase != .running, machine.phase != .idle { #expect(open.isEmpty) }
        let hasRoom = bound.contains { id in
            machine.unansweredRequests(on: id) < RandomWalkTests.requestsPerConnection
        }
        #expect(machine.waitingRequests == 0 || !hasRoom)
        #expect(machine.boundConnections == carrying.count)
        #expect(machine.counters.distinctAcknowledged == acknowledged.count)
    }

    private mutating func acknowledge(_ pair: MessagePair, on id: AppServerConnectionID) {
        #expect(carrying.contains(id))
        let delivery = Delivery(connection: id, pair: pair)
        var open = unanswered[delivery] ?? []
        #expect(!open.isEmpty, "\(id) did not carry \(pair.id) of \(pair.token)")
        guard !open.isEmpty else { return }
        // A policy that ACKs at once ACKs what it was just given; what it skipped stays open.
        let isImmediate = acknowledgedBy == .policy(.always) || acknowledgedBy == .policy(.skip(2))
        let data = isImmediate ? open.removeLast() : open.removeFirst()
        unanswered[delivery] = open
        acknowledged.insert(Message(pair: pair, data: data))
    }
}
