import CloudMessaging
import Invariants
import RelayMachine

/// What must hold in a small world, kept apart from the relay's own books: the ACK rule, the windows
/// and the redelivery modes over again in their simplest form.
struct SmallWorldLedger: Hashable {
    struct Message: Hashable {
        var pair: MessagePair?
        /// Once it was durable.
        var key: MessageKey?
        var expiry = Instant.never
        var end: End?
        /// The phone knows that it is stored.
        var isTaken = false
        var wasWritten = false
        /// In this life of the relay.
        var attempts = 0
        var latest: Attempt?
    }

    enum End: Hashable {
        case settled
        case expired
        case discarded
    }

    struct Attempt: Hashable {
        let time: Instant
        /// Where; nil: that connection is gone.
        var slot: Int?
        /// Whether the app server has connected since the connection was lost.
        var hasBoundSince = false
    }

    /// A connection of this life.
    struct Carried: Hashable {
        /// Attempts without an ACK, by message, oldest first.
        var attempts: [Int] = []
        /// Messages that take a place in the window.
        var window: Set<Int> = []
    }

    /// What an ACK must do.
    enum Use: Hashable {
        case settles(Int)
        case leftover
        case nothing
    }

    private let plan: SmallWorldPlan
    private(set) var messages: [Message]
    private var carried = [Carried(), Carried()]

    init(_ plan: SmallWorldPlan) {
        self.plan = plan
        messages = Array(repeating: Message(), count: SmallWorld.messages)
    }

    func id(of message: Int) -> MessageID {
        guard let id = MessageID(plan.haveSameID ? "m" : "m-\(message + 1)")
        else { preconditionFailure("a good ID") }
        return id
    }

    func pair(of message: Int) -> MessagePair? { messages[message].pair }

    /// The messages that the app server has seen; of those with one ID the first.
    var known: [Int] {
        let known = messages.indices.filter { messages[$0].wasWritten }
        return plan.haveSameID ? Array(known.prefix(1)) : known
    }

    // MARK: The store

    mutating func stored(_ message: UpstreamMessage) throws(Violation) {
        guard let index = SmallWorld.index(of: message) else { return }
        if let key = messages[index].key, key != message.key {
            throw violation(.storedOnce, "upload \(index + 1) was stored twice")
        }
        messages[index].key = message.key
        messages[index].expiry = message.expiry
    }

    /// - Parameter isStored: what the next life will find.
    mutating func crashed(now: Instant, isStored: (MessageKey) -> Bool) {
        carried = [Carried(), Carried()]
        for index in messages.indices {
            messages[index].attempts = 0
            messages[index].latest = nil
            guard let key = messages[index].key else { continue }
            if isStored(key) {
                // No commit covered its end: it may be sent again.
                messages[index].end = nil
            } else if messages[index].end == nil, messages[index].expiry <= now {
                // Its end was durable, and nobody was told.
                messages[index].end = .expired
            }
        }
    }

    // MARK: The app server

    mutating func bound() {
        for index in messages.indices { messages[index].latest?.hasBoundSince = true }
    }

    mutating func lost(_ slot: Int) {
        carried[slot] = Carried()
        for index in messages.indices where messages[index].latest?.slot == slot {
            messages[index].latest?.slot = nil
            messages[index].latest?.hasBoundSince = false
        }
    }

    /// An ACK is credited to the oldest attempt of its pair on its connection, whichever message
    /// that belongs to.
    ///
    /// - Parameter use: what the relay made of it.
    mutating func acknowledged(
        _ message: Int, on slot: Int, _ use: AcknowledgementUse, now: Instant
    ) throws(Violation) {
        let actual: Use =
            switch use {
            case .settled(let message): SmallWorld.index(of: message).map(Use.settles) ?? .nothing
            case .leftover: .leftover
            case .none: .nothing
            }
        let pair = messages[message].pair
        let place = carried[slot].attempts.firstIndex { messages[$0].pair == pair }
        let credited = place.map { carried[slot].attempts.remove(at: $0) }
        var expected = credited.map(Use.settles) ?? .nothing
        if let credited {
            // The relay may know that a message's time is over before the store has removed it.
            let isOver = messages[credited].expiry <= now && actual == .leftover
            if isOver || messages[credited].end != nil {
                expected = .leftover
                carried[slot].window.remove(credited)
            } else {
                end(credited, .settled)
            }
        }
        guard actual == expected else {
            throw violation(
                .ackSettlesOnlyWhatWasCarried, "an ACK should be \(expected) and is \(actual)")
        }
    }

    /// Attempts that the app server has not ACKed: message and connection.
    var unacknowledged: (message: Int, slot: Int)? {
        for slot in carried.indices {
            if let message = carried[slot].attempts.first { return (message, slot) }
        }
        return nil
    }

    private mutating func end(_ message: Int, _ end: End) {
        messages[message].end = end
        messages[message].latest = nil
        guard end == .settled else { return }
        for slot in carried.indices { carried[slot].window.remove(message) }
    }

    // MARK: What the relay does

    mutating func taken(
        _ message: Int, now: Instant, isStored: (MessageKey) -> Bool
    ) throws(Violation) {
        let known = messages[message]
        guard let key = known.key, isStored(key) || known.end != nil || known.expiry <= now else {
            throw violation(.sentMeansStored, "the phone is told of an upload not on disk")
        }
        messages[message].isTaken = true
    }

    mutating func observe(
        _ action: RelayAction, now: Instant, bound: [ConnectionID?]
    ) throws(Violation) {
        switch action {
        case .transmit(let message, let connection, let attempt, _):
            guard let index = SmallWorld.index(of: message) else { return }
            guard let slot = bound.firstIndex(of: connection) else {
                throw violation(.onlyToLiveConnections, "\(connection) is not bound")
            }
            try transmitted(message, index, on: slot, attempt: attempt, now: now)
        case .note(.redelivered(let message, _, let attempt, let cause)):
            guard let index = SmallWorld.index(of: message) else { return }
            try redelivered(index, attempt, cause, now: now)
        case .note(.discarded(let message, _)):
            if let index = SmallWorld.index(of: message) { end(index, .discarded) }
        case .tell(.upstream(let message, .expired)):
            if let index = SmallWorld.index(of: message) { try expired(index, now: now) }
        case .tell(.expired(let message)):
            let index = messages.firstIndex { $0.key == message.key }
            if let index { try expired(index, now: now) }
        default: break
        }
    }

    private mutating func expired(_ index: Int, now: Instant) throws(Violation) {
        guard messages[index].expiry <= now else {
            throw violation(.nothingSentIsLost, "message \(index + 1) expires before its time")
        }
        if messages[index].end == nil { end(index, .expired) }
    }

    private mutating func transmitted(
        _ message: UpstreamMessage, _ index: Int, on slot: Int, attempt: Int, now: Instant
    ) throws(Violation) {
        let name = "message \(index + 1)"
        let known = messages[index]
        guard known.key == message.key else {
            throw violation(.sentMeansStored, "\(name) is sent before it is stored")
        }
        if known.end == .settled {
            throw violation(.settledStaysSettled, "\(name) is sent after it was settled")
        }
        guard known.end == nil, message.expiry > now else {
            throw violation(.settledStaysSettled, "\(name) is sent after it was given up")
        }
        guard attempt == known.attempts + 1 else {
            throw violation(
                .attemptsAreCounted,
                "\(name) is sent as attempt \(attempt), not \(known.attempts + 1)")
        }
        try checkOrder(of: index, now: now)
        for other in messages.indices where other != index {
            let flight = messages[other]
            if flight.pair == message.pair, flight.latest != nil, flight.expiry > now {
                throw violation(.onePairInFlight, "both messages are in flight under one ID")
            }
        }
        carried[slot].attempts.append(index)
        carried[slot].window.insert(index)
        if carried[slot].window.count > plan.maxUnacked {
            throw violation(.unackedWindow, "a connection carries more than its window")
        }
        messages[index].pair = message.pair
        messages[index].wasWritten = true
        messages[index].attempts = attempt
        messages[index].latest = Attempt(time: now, slot: slot)
    }

    /// The first message goes first, and what is to be sent again goes before what is fresh.
    private func checkOrder(of index: Int, now: Instant) throws(Violation) {
        guard index > 0, messages[index].attempts == 0, !plan.haveSameID else { return }
        for earlier in 0..<index {
            let message = messages[earlier]
            guard message.key != nil, message.end == nil, message.expiry > now else { continue }
            let waits = message.latest.map { $0.slot == nil } ?? true
            guard waits, message.latest == nil || plan.redelivery == .both else { continue }
            throw violation(
                .firstWritesInOrder,
                "message \(index + 1) is first sent while message \(earlier + 1) waits")
        }
    }

    /// Whether the mode lets a message be sent again now, and why.
    private func redelivered(
        _ index: Int, _ attempt: Int, _ cause: RetryCause, now: Instant
    ) throws(Violation) {
        guard let latest = messages[index].latest else { return }
        let due = latest.time + delay(afterAttempt: attempt - 1)
        let isAllowed =
            switch (cause, plan.redelivery) {
            case (_, .never): false
            case (.noAcknowledgement, .both), (.noAcknowledgement, .timer): due <= now
            case (.noAcknowledgement, .onReconnect): false
            case (.connectionLost, .both): latest.slot == nil || due <= now
            case (.connectionLost, .timer): due <= now
            case (.connectionLost, .onReconnect): latest.slot == nil && latest.hasBoundSince
            }
        guard isAllowed else {
            throw violation(.redeliveryAsSet, "message \(index + 1) is sent again too early")
        }
    }

    /// Doubling from ten seconds; no jitter here.
    private func delay(afterAttempt attempt: Int) -> Duration {
        .seconds(10 << min(max(attempt, 1) - 1, 4))
    }

    // MARK: After every move

    func check(
        now: Instant, relay: RelayMachine?, isStored: (MessageKey) -> Bool
    ) throws(Violation) {
        for (index, message) in messages.enumerated() {
            guard let key = message.key, message.end == nil, message.expiry > now else { continue }
            guard isStored(key) else {
                throw violation(
                    .nothingSentIsLost, "message \(index + 1) is not over and not stored")
            }
            guard let latest = message.latest, latest.slot != nil, let relay,
                plan.redelivery == .both || plan.redelivery == .timer
            else { continue }
            guard relay.nextDeadline <= latest.time + delay(afterAttempt: message.attempts) else {
                throw violation(
                    .redeliveryAsSet, "nobody waits for the ACK of message \(index + 1)")
            }
        }
    }

    private func violation(_ invariant: Invariant, _ finding: String) -> Violation {
        Violation(invariant: invariant, finding: finding, event: 0)
    }
}
