import CloudMessaging
package import Invariants
import MessageStore
import RelayMachine

/// One phone, two messages, a relay, its store and two connections of an app server, as a value: so
/// small that all that can happen in it can be tried (`SmallWorldSearch`).
///
/// Two worlds that are equal go on in the same way. What the relay has counted is left out, as it
/// decides nothing.
package struct SmallWorld: Hashable {
    static let messages = 2
    static let connections = 2
    /// Seconds; after the second retry, before the third.
    static let timeToLive = 45

    let plan: SmallWorldPlan
    /// Nil: the relay is down.
    private(set) var relay: RelayMachine?
    private(set) var tables = InMemoryTables()
    /// The transaction under way, and what it came to once it is durable.
    private var batch: StoreBatch?
    private var results: StoreResults?
    private(set) var ledger: SmallWorldLedger
    private var now = Instant(nanoseconds: 1_000_000_000_000)
    private var phone: Phone
    /// The connections that are bound, and how often each was.
    private var bound: [ConnectionID?] = [nil, nil]
    private var binds = [0, 0]
    /// Messages that the phone has sent.
    private(set) var uploads = 0
    /// What the relay did in this move.
    private var deeds = 0

    private struct Phone: Hashable {
        var identity: DeviceIdentity
        var stream: DeviceStreamID
        var isBound = true
        var lastTicket: Ticket = 0
        /// The message of each ticket of the stream, from 1.
        var tickets: [Int] = []
    }

    package init(_ plan: SmallWorldPlan) throws(Violation) {
        self.plan = plan
        ledger = SmallWorldLedger(plan)
        phone = Phone(
            identity: DeviceIdentity(id: DeviceID(0), securityToken: ""),
            stream: DeviceStreamID(1))
        introduce()
        guard plan.start == .busy else { return }
        for _ in 0..<Self.messages {
            for move in [SmallWorldMove.upload, .commit, .answer] { try make(move) }
        }
        for slot in 0..<Self.connections { try make(.connect(slot)) }
    }

    // MARK: What can happen

    /// Whatever can happen next, always in the same order.
    var moves: [SmallWorldMove] {
        guard relay != nil else { return [.restart] }
        var moves: [SmallWorldMove] = []
        if uploads < Self.messages { moves.append(.upload) }
        if uploads > 0 { moves.append(.uploadAgain) }
        if batch != nil { moves.append(results == nil ? .commit : .answer) }
        for slot in bound.indices {
            if bound[slot] != nil {
                moves.append(.lose(slot))
                moves += ledger.known.map { .acknowledge(message: $0, on: slot) }
            } else if slot == 0 || binds[slot - 1] > 0 {
                // Until it was bound once a connection is like the other.
                moves.append(.connect(slot))
            }
        }
        if relay?.nextDeadline != .never { moves.append(.timer) }
        moves.append(.crash)
        return moves
    }

    mutating func make(_ move: SmallWorldMove) throws(Violation) {
        switch move {
        case .upload:
            uploads += 1
            guard phone.isBound else { break }
            try event { $0.upload($0.uploads - 1, &$1) }
        case .uploadAgain:
            try event { $1.streamClosed($0.phone.stream) }
            try logIn()
        case .connect(let slot): try connect(slot)
        case .lose(let slot): try lose(slot)
        case .acknowledge(let message, let slot): try acknowledge(message, on: slot)
        case .timer: try letTimePass()
        case .commit: try commit()
        case .answer: try answer()
        case .crash:
            relay = nil
            batch = nil
            results = nil
            bound = [nil, nil]
            ledger.crashed(now: now, isStored: tables.contains)
        case .restart: try restart()
        }
        relay = relay?.withoutCounters
        deeds = 0
        try ledger.check(now: now, relay: relay, isStored: tables.contains)
    }

    // MARK: Rounds

    /// Hands the relay an event, and makes the round that a driver makes after it.
    private mutating func event(
        _ handle: (inout SmallWorld, inout RelayMachine) throws(Violation) -> Void
    ) throws(Violation) {
        guard var machine = relay.take() else { return }
        try handle(&self, &machine)
        try makeRound(&machine)
        relay = machine
    }

    private mutating func makeRound(_ machine: inout RelayMachine) throws(Violation) {
        try observe(&machine)
        while batch == nil, let next = machine.takeBatch(now: now) {
            guard !next.hasChanges else {
                batch = next
                return
            }
            // Questions need no transaction: they are answered at once.
            machine.storeAnswered(tables.execute(next), now: now)
            try observe(&machine)
        }
    }

    private mutating func observe(_ machine: inout RelayMachine) throws(Violation) {
        for action in machine.takeActions() {
            deeds += 1
            switch action {
            case .taken(let first, let count, phone.stream):
                for ticket in first..<(first + Ticket(count)) {
                    try ledger.taken(
                        phone.tickets[Int(ticket) - 1], now: now, isStored: tables.contains)
                }
            case .authenticated(_, phone.stream):
                bind(&machine)
                try observe(&machine)
            default:
                try ledger.observe(action, now: now, bound: bound)
            }
        }
    }

    // MARK: The phone

    private static let category = name("com.example.small", Category.init)
    private static let sender = name("4711", SenderID.init)
    private static let payloads = (0..<messages).map {
        DataPayload([("message", String($0))])
    }

    private static func name<Name>(_ text: String, _ make: (String) -> Name?) -> Name {
        guard let name = make(text) else { preconditionFailure("\(text) is a good name") }
        return name
    }

    static func index(of message: UpstreamMessage) -> Int? {
        payloads.firstIndex(of: message.data)
    }

    private mutating func upload(_ message: Int, _ machine: inout RelayMachine) {
        phone.lastTicket += 1
        phone.tickets.append(message)
        machine.uploaded(
            Upload(
                id: Self.name("upload-\(message)", UploadID.init),
                to: "\(Self.sender.text)@gcm.googleapis.com", category: Self.category,
                messageID: ledger.id(of: message), timeToLive: Self.timeToLive,
                data: Self.payloads[message], payloadSize: 8),
            ticket: phone.lastTicket, on: phone.stream, now: now)
    }

    /// A new stream; what the phone has to send it sends when it is let in.
    private mutating func logIn() throws(Violation) {
        phone.stream = DeviceStreamID(phone.stream.rawValue + 1)
        phone.isBound = false
        phone.lastTicket = 0
        phone.tickets = []
        try event { world, machine throws(Violation) in
            machine.streamOpened(world.phone.stream)
            machine.authenticate(
                world.phone.identity.id, securityToken: world.phone.identity.securityToken,
                on: world.phone.stream)
        }
    }

    private mutating func bind(_ machine: inout RelayMachine) {
        phone.isBound = true
        machine.deviceBound(on: phone.stream)
        for message in 0..<uploads { upload(message, &machine) }
    }

    // MARK: The app server

    private mutating func connect(_ slot: Int) throws(Violation) {
        binds[slot] += 1
        // Whatever happened on the other one, the name is the same.
        let connection = ConnectionID(Self.connections * binds[slot] + slot)
        bound[slot] = connection
        ledger.bound()
        try event { $1.connectionBound(connection, sender: Self.sender, now: $0.now) }
    }

    private mutating func lose(_ slot: Int) throws(Violation) {
        guard let connection = bound[slot] else { return }
        bound[slot] = nil
        ledger.lost(slot)
        try event { $1.connectionClosed(connection, now: $0.now) }
    }

    private mutating func acknowledge(_ message: Int, on slot: Int) throws(Violation) {
        guard let connection = bound[slot], let pair = ledger.pair(of: message) else { return }
        try event { world, machine throws(Violation) in
            let use = machine.acknowledged(pair, on: connection, now: world.now)
            try world.ledger.acknowledged(message, on: slot, use, now: world.now)
        }
    }

    // MARK: Time

    /// Goes from deadline to deadline until something comes of one: some are there only in case.
    private mutating func letTimePass() throws(Violation) {
        for _ in 0..<100 {
            guard let before = relay, before.nextDeadline != .never else { return }
            now = max(now, before.nextDeadline)
            let hadBatch = batch != nil
            try event { $1.deadlineReached(now: $0.now) }
            if deeds > 0 || (batch != nil) != hadBatch { return }
        }
        throw Violation(
            invariant: .everythingArrives,
            finding: "the relay asks for one deadline after the other, and does nothing", event: 0)
    }

    // MARK: The store

    private mutating func commit() throws(Violation) {
        guard let batch else { return }
        results = tables.execute(batch)
        for message in batch.messages { try ledger.stored(message) }
    }

    private mutating func answer() throws(Violation) {
        guard let results else { return }
        batch = nil
        self.results = nil
        try event { $1.storeAnswered(results, now: $0.now) }
    }

    // MARK: Lives

    private mutating func restart() throws(Violation) {
        begin()
        try logIn()
    }

    private mutating func begin() {
        var settings = RelaySettings()
        settings.redelivery = plan.redelivery
        settings.maxUnacked = plan.maxUnacked
        settings.retry.jitter = 0
        settings.tellsMessages = true
        guard let snapshot = try? tables.open() else { preconditionFailure("memory opens") }
        relay = RelayMachine(settings: settings, snapshot: snapshot, seed: 1) { $0 }
    }

    /// The phone checks in and registers its app; nothing goes wrong yet.
    private mutating func introduce() {
        begin()
        guard var machine = relay.take() else { return }
        let stream = phone.stream
        var identity: DeviceIdentity?
        func settle() {
            for action in machine.takeActions() {
                if case .checkedIn(let made, _) = action { identity = made }
            }
            while let batch = machine.takeBatch(now: now) {
                machine.storeAnswered(tables.execute(batch), now: now)
                settle()
            }
        }
        machine.streamOpened(stream)
        machine.checkIn(on: stream)
        settle()
        guard let identity else { preconditionFailure("a device is checked in") }
        machine.authenticate(identity.id, securityToken: identity.securityToken, on: stream)
        settle()
        machine.deviceBound(on: stream)
        machine.register(Self.category, senders: [Self.sender], request: "", on: stream)
        settle()
        phone.identity = identity
        relay = machine.withoutCounters
    }
}
