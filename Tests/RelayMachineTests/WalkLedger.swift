import CloudMessaging

@testable import RelayMachine

/// What a random walk knows must hold, kept apart from the machine: every message that was uploaded,
/// every attempt on every connection, and the ACK rule over again in its simplest form.
struct WalkLedger {
    struct Entry {
        let pair: MessagePair
        let sender: SenderID
        let timeToLive: Int
        var key: MessageKey?
        var expiry = Instant.never
        var isAnswered = false
        var isDurable = false
        /// Settled or discarded; undone by a crash before the store has removed the message.
        var hasEnded = false
        var isDiscarded = false
        var isRemoved = false
        var wasSentInThisLife = false
        /// Sent after an earlier message of its pair: it may have been held back.
        var isRepeatOfPair = false
    }

    struct Carried {
        let sender: SenderID
        /// Attempts without an ACK, oldest first.
        var attempts: [MessagePair: [String]] = [:]
        var slots: Set<String> = []
        var isDraining = false
    }

    let maxUnacked: Int
    /// Whether the relay sends in order: not so when it holds messages back after a reconnect.
    let isOrdered: Bool
    var entries: [String: Entry] = [:]
    var connections: [ConnectionID: Carried] = [:]
    /// The messages that were stored.
    private var names: [MessageKey: String] = [:]
    private(set) var violations: [String] = []
    /// The highest key first sent for a token and a sender in this life.
    private var highest: [String: MessageKey] = [:]
    /// Un-ended messages that were sent, by sender and pair.
    private var flights: [String: String] = [:]

    init(maxUnacked: Int, isOrdered: Bool) {
        self.maxUnacked = maxUnacked
        self.isOrdered = isOrdered
    }

    mutating func require(_ condition: Bool, _ sentence: @autoclosure () -> String) {
        if !condition { violations.append(sentence()) }
    }

    static func name(of message: UpstreamMessage) -> String {
        message.data.pairs?.first?.value ?? ""
    }

    // MARK: What the relay does

    mutating func executed(_ batch: StoreBatch) {
        for message in batch.messages {
            let name = Self.name(of: message)
            require(
                entries[name]?.key == nil || entries[name]?.key == message.key,
                "\(name) was stored twice")
            require(message.timeToLive > 0, "\(name) with TTL 0 was stored")
            entries[name]?.key = message.key
            names[message.key] = name
            entries[name]?.expiry = message.expiry
            entries[name]?.isDurable = true
        }
        for key in batch.removals {
            guard let name = names[key] else { continue }
            require(entries[name]?.hasEnded == true, "\(name) was removed before its end")
            entries[name]?.isRemoved = true
        }
    }

    mutating func answered(_ name: String) {
        guard let entry = entries[name] else { return }
        require(entry.isDurable || entry.timeToLive == 0, "\(name) was called sent and not stored")
        entries[name]?.isAnswered = true
    }

    mutating func discarded(_ message: UpstreamMessage) {
        entries[Self.name(of: message)]?.hasEnded = true
        entries[Self.name(of: message)]?.isDiscarded = true
    }

    mutating func transmitted(_ message: UpstreamMessage, on id: ConnectionID, now: Instant) {
        let name = Self.name(of: message)
        guard let entry = entries[name], connections[id]?.isDraining == false else {
            return require(false, "\(name) was sent to \(id), which is draining or gone")
        }
        require(connections[id]?.sender == entry.sender, "\(name) was sent to a foreign sender")
        require(!entry.hasEnded, "\(name) was sent after its end")
        if entry.timeToLive > 0 {
            require(entry.isDurable, "\(name) was sent and not stored")
            require(message.expiry > now, "\(name) was sent after its expiry")
        }
        checkPair(name, entry, now: now)
        checkOrder(name, entry, message)
        entries[name]?.wasSentInThisLife = true
        connections[id]?.attempts[entry.pair, default: []].append(name)
        connections[id]?.slots.insert(name)
        let unacked = connections[id]?.slots.count ?? 0
        require(unacked <= maxUnacked, "\(id) has \(unacked) un-ACKed")
    }

    private mutating func checkPair(_ name: String, _ entry: Entry, now: Instant) {
        let pair = "\(entry.sender) \(entry.pair.token) \(entry.pair.id)"
        if let other = flights[pair], other != name, let flight = entries[other] {
            require(
                flight.hasEnded || flight.expiry <= now || flight.timeToLive == 0,
                "\(name) was sent while \(other) of the same pair is in flight")
            entries[name]?.isRepeatOfPair = true
        }
        flights[pair] = name
    }

    private mutating func checkOrder(_ name: String, _ entry: Entry, _ message: UpstreamMessage) {
        guard isOrdered, !entry.wasSentInThisLife, entries[name]?.isRepeatOfPair == false,
            entry.timeToLive > 0
        else { return }
        let token = "\(entry.sender) \(entry.pair.token)"
        require(highest[token].map { $0 < message.key } ?? true, "\(name) was first sent too late")
        highest[token] = message.key
    }

    // MARK: What happens to the relay

    /// An ACK: whether the connection has a credit for it, and whether it settled a message.
    mutating func acknowledged(
        _ pair: MessagePair, on id: ConnectionID, rejected: Bool, settled: Bool, now: Instant
    ) {
        guard let name = connections[id]?.attempts[pair]?.first else {
            return require(rejected && !settled, "an ACK without a credit was accepted on \(id)")
        }
        require(!rejected, "an ACK with a credit was rejected on \(id)")
        connections[id]?.attempts[pair]?.removeFirst()
        connections[id]?.slots.remove(name)
        guard let entry = entries[name] else { return }
        guard settled else {
            return require(
                entry.hasEnded || entry.expiry <= now || entry.timeToLive == 0,
                "the ACK of \(name) on \(id) did not settle it")
        }
        require(!entry.hasEnded, "\(name) was settled after its end")
        entries[name]?.hasEnded = true
        for (connection, carried) in connections where carried.slots.contains(name) {
            connections[connection]?.slots.remove(name)
        }
    }

    /// The relay crashed: an end that the store does not know may be undone.
    mutating func crashed() {
        connections = [:]
        highest = [:]
        flights = [:]
        for (name, entry) in entries {
            entries[name]?.wasSentInThisLife = false
            entries[name]?.isRepeatOfPair = false
            if entry.timeToLive > 0, !entry.isRemoved {
                entries[name]?.hasEnded = false
                entries[name]?.isDiscarded = false
            }
        }
    }

    /// Answered messages that neither ended nor expired, in no order.
    func lost(now: Instant) -> [String] {
        entries.filter { _, entry in
            entry.isAnswered && entry.timeToLive > 0 && !entry.hasEnded && entry.expiry > now
        }.map(\.key)
    }
}
