package import CloudMessaging
import DequeModule
import OrderedCollections

/// An app server as a value: its connections to the relay under one sender ID, its ACKs, and its
/// downstream requests.
///
/// It knows no XMPP, socket, clock or thread. Events come in by method, with the instant at which
/// they happened; what is to be done is collected by `takeActions()`, and `nextDeadline` says when
/// `deadlineReached(now:)` is due. Both are to be asked for after every round of events.
///
/// Reports of a connection that it has closed, or never opened, are ignored: the driver's events
/// and the machine's actions may cross.
package struct AppServerMachine: Sendable {
    /// Whether it wants to be connected.
    package enum Phase: Hashable, Sendable {
        case idle
        case running
        case stopped
        /// The relay refused the login, for this reason; to start again needs another key.
        case refused(String)
    }

    package private(set) var settings: AppServerSettings
    package internal(set) var phase = Phase.idle
    package internal(set) var counters = AppServerCounters()
    var slots: [ConnectionSlot]
    /// All that are open or being opened, those that drain included, by age.
    var connections: OrderedDictionary<AppServerConnectionID, Connection> = [:]
    var seen: RecencyMap<MessagePair, SeenPair>
    /// ACKs of `AckPolicy.after` and those held back, by due time, only of connections that are
    /// there.
    var delayed: Deque<DelayedAcknowledgement> = []
    var isHoldingAcknowledgements = false
    var waiting = WaitingRequests()
    var entropy: Entropy
    var actions: [AppServerAction] = []
    private var lastConnection = 0

    /// - Parameter entropy: rules the jitter of the waiting times.
    package init(settings: AppServerSettings, entropy: Entropy) {
        precondition(settings.connections > 0, "an app server needs at least one connection")
        self.settings = settings
        self.entropy = entropy
        slots = Array(repeating: ConnectionSlot(), count: settings.connections)
        seen = RecencyMap(limit: settings.rememberedPairs)
    }

    // MARK: What a driver asks for

    /// What is to be done, in order; each action is given out once.
    package mutating func takeActions() -> [AppServerAction] {
        defer { actions.removeAll(keepingCapacity: true) }
        return actions
    }

    /// When `deadlineReached(now:)` is due; `.never`: nothing waits for a time.
    package var nextDeadline: Instant {
        let acknowledgement =
            isHoldingAcknowledgements ? .never : delayed.first?.due ?? .never
        var next = min(acknowledgement, waiting.nextDeadline)
        for slot in slots {
            if case .waiting(let until) = slot.state { next = min(next, until) }
        }
        for connection in connections.values { next = min(next, connection.requests.nextDeadline) }
        return next
    }

    /// Requests that wait for a connection with room.
    package var waitingRequests: Int { waiting.count }

    /// Requests that have a place on a connection: without an answer, or in a pause between tries.
    package func unansweredRequests(on id: AppServerConnectionID) -> Int {
        connections[id]?.requests.count ?? 0
    }

    /// Connections on which messages may come, those that drain included.
    package var boundConnections: Int {
        connections.values.reduce(0) { $0 + ($1.carriesMessages ? 1 : 0) }
    }

    // MARK: Events

    /// Opens all connections, or those that are missing. What it has seen before a stop still
    /// counts.
    package mutating func start(now: Instant) {
        phase = .running
        for slot in slots.indices where slots[slot].state == .vacant { open(slot) }
    }

    /// Closes all connections; nothing is opened until the next start. Requests that have no
    /// answer yet end without one.
    package mutating func stop(now: Instant) {
        guard phase == .running else { return }
        phase = .stopped
        closeAll(because: "this app server was stopped")
        endWaiting(.stopped)
    }

    /// An instant that the machine asked for has come; harmless when it has not.
    package mutating func deadlineReached(now: Instant) {
        guard nextDeadline <= now else { return }
        while !isHoldingAcknowledgements, let next = delayed.first, next.due <= now {
            delayed.removeFirst()
            acknowledge(next.pair, next.fingerprint, on: next.connection)
        }
        for slot in slots.indices {
            if case .waiting(let until) = slots[slot].state, until <= now { open(slot) }
        }
        giveUpRequests(now: now)
        retryRequests(now: now)
    }

    /// From now on it ACKs by another policy; what waits for its time is ACKed as it was to be.
    package mutating func acknowledge(by policy: AckPolicy) {
        settings.acknowledgedBy = .policy(policy)
    }

    // MARK: Steps of all aspects

    mutating func open(_ slot: Int) {
        lastConnection += 1
        let id = AppServerConnectionID(lastConnection)
        connections[id] = Connection(slot: slot)
        slots[slot].state = .occupied(id)
        actions.append(.connect(id))
    }

    mutating func closeAll(because reason: String) {
        for (id, connection) in connections {
            actions.append(.close(id))
            if connection.carriesMessages { actions.append(.disconnected(id, .stopped)) }
            loseRequests(of: connection, reason: reason)
        }
        connections.removeAll()
        counters.droppedAcknowledgements += delayed.count
        delayed.removeAll()
        for slot in slots.indices { slots[slot] = ConnectionSlot() }
    }
}
