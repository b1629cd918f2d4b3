import CloudMessaging
import Journal

/// What the journal says of upstream messages, kept apart from the relay's own books.
struct UpstreamLedger {
    /// One message of the relay's.
    private struct Entry {
        /// As it was seen last: a token may be refreshed.
        var message: UpstreamMessage
        var end: MessageState?
        var wasHeld = false
        var wasWritten = false
        /// Settled in a life whose commit did not cover it: it may be sent again.
        var mayRepeat = false
    }

    /// A place of a connection's window: until the message is settled, wherever, or ACKed there.
    private struct Slot {
        let message: Int64
        let pair: MessagePair
    }

    private struct Course: Hashable {
        let token: RegistrationToken
        let lane: LaneID
    }

    private struct TakenName: Hashable {
        let category: Category
        let id: MessageID
    }

    private let maxUnacked: Int
    /// Whether an order of first writes is promised at all.
    private let ordersFirstWrites: Bool
    /// By the relay's number.
    private var entries: [Int64: Entry] = [:]
    /// The names of all messages that the relay ever took.
    private var taken: Set<TakenName> = []
    /// The receipts that were ever made.
    private var receipts: Set<MessageID> = []
    /// Entries that are not over, in the order of their numbers.
    private var open: [Int64] = []
    /// The message of each pair that is in flight.
    private var inFlight: [MessagePair: Int64] = [:]
    /// What each connection carried in this life of the relay.
    private var carried: [Int: Set<Int64>] = [:]
    /// What each connection carried and has no ACK for, oldest first.
    private var slots: [Int: [Slot]] = [:]
    /// The highest number that was written first, for each token in each lane: what comes after a
    /// token refresh goes another way.
    private var lastFirstWrite: [Course: Int64] = [:]

    init(maxUnacked: Int, ordersFirstWrites: Bool) {
        self.maxUnacked = maxUnacked
        self.ordersFirstWrites = ordersFirstWrites
    }

    // MARK: Events

    mutating func observe(_ event: JournalEvent) throws(Violation) {
        switch event.kind {
        case .messageState: try changed(event)
        case .upstreamStanza, .receipt: try written(event)
        case .upstreamAck: acknowledged(event)
        case .connectionClosed: event.connection.map { closed($0) }
        default: break
        }
    }

    private mutating func changed(_ event: JournalEvent) throws(Violation) {
        guard event.direction == .upstream, let number = event.message, let state = event.state
        else { return }
        if case .upstream(let message) = event.subject { see(message) }
        guard let entry = entries[number] else { return }
        switch state {
        case .queued: release(entry.message.pair, number)
        case .held: entries[number]?.wasHeld = true
        case .inFlight: break
        case .settled:
            if let connection = event.connection, carried[connection]?.contains(number) != true {
                throw violation(
                    .ackSettlesOnlyWhatWasCarried, event,
                    "message \(number) was settled on connection \(connection), which never "
                        + "carried it")
            }
            for connection in slots.keys.sorted() {
                slots[connection]?.removeAll { $0.message == number }
            }
            end(number, state)
        case .expired, .discarded: end(number, state)
        }
    }

    private mutating func see(_ message: UpstreamMessage) {
        let number = message.key.sequence
        guard let entry = entries[number] else {
            entries[number] = Entry(message: message)
            open.append(number)
            taken.insert(TakenName(category: message.origin.category, id: message.id))
            if message.kind == .receipt { receipts.insert(message.id) }
            return
        }
        guard entry.message !== message else { return }
        if entry.message.pair != message.pair { release(entry.message.pair, number) }
        entries[number]?.message = message
    }

    private mutating func end(_ number: Int64, _ state: MessageState) {
        guard let entry = entries[number] else { return }
        entries[number]?.end = state
        entries[number]?.mayRepeat = false
        release(entry.message.pair, number)
    }

    private mutating func release(_ pair: MessagePair, _ number: Int64) {
        if inFlight[pair] == number { inFlight[pair] = nil }
    }

    private mutating func written(_ event: JournalEvent) throws(Violation) {
        guard case .upstream(let message) = event.subject, let connection = event.connection
        else { return }
        let number = message.key.sequence
        see(message)
        if entries[number]?.end == .settled, entries[number]?.mayRepeat == false {
            throw violation(
                .settledStaysSettled, event, "message \(number) is sent after it was settled")
        }
        if let other = inFlight[message.pair], other != number {
            throw violation(
                .onePairInFlight, event,
                "messages \(other) and \(number), both \(message.pair.id), are in flight together")
        }
        inFlight[message.pair] = number
        try countFirstWrite(of: message, event)
        try countSlot(of: message, on: connection, event)
    }

    private mutating func countFirstWrite(
        of message: UpstreamMessage, _ event: JournalEvent
    ) throws(Violation) {
        let number = message.key.sequence
        guard let entry = entries[number], !entry.wasWritten else { return }
        entries[number]?.wasWritten = true
        guard ordersFirstWrites, !entry.wasHeld, message.timeToLive > 0 else { return }
        let course = Course(token: message.origin.token, lane: message.key.lane)
        if let last = lastFirstWrite[course], last > number {
            throw violation(
                .firstWritesInOrder, event,
                "message \(number) is first written after message \(last) of the same token")
        }
        lastFirstWrite[course] = number
    }

    private mutating func countSlot(
        of message: UpstreamMessage, on connection: Int, _ event: JournalEvent
    ) throws(Violation) {
        guard carried[connection, default: []].insert(message.key.sequence).inserted else { return }
        slots[connection, default: []].append(
            Slot(message: message.key.sequence, pair: message.pair))
        let count = slots[connection]?.count ?? 0
        if count > maxUnacked {
            throw violation(
                .unackedWindow, event,
                "connection \(connection) carries \(count) messages without an ACK")
        }
    }

    private mutating func acknowledged(_ event: JournalEvent) {
        guard let connection = event.connection, let pair = pair(of: event) else { return }
        guard let index = slots[connection]?.firstIndex(where: { $0.pair == pair })
        else { return }
        slots[connection]?.remove(at: index)
    }

    /// Whom an ACK names; a receipt's is not the token of the device.
    private func pair(of event: JournalEvent) -> MessagePair? {
        if case .upstream(let message) = event.subject { return message.pair }
        guard let token = event.from, let id = event.messageID else { return nil }
        return MessagePair(token: token, id: id)
    }

    private mutating func closed(_ connection: Int) {
        carried[connection] = nil
        slots[connection] = nil
    }

    // MARK: The relay's lives

    /// The relay has died: its connections are gone, and what no commit covered is undone.
    mutating func relayDied(
        now: Instant, isStored: (MessageKey) -> Bool
    ) throws(Violation) {
        carried = [:]
        slots = [:]
        inFlight = [:]
        for number in open {
            guard let entry = entries[number] else { continue }
            if entry.end == .settled { entries[number]?.mayRepeat = isStored(entry.message.key) }
            // What is kept nowhere is gone with the process.
            if entry.end == nil, entry.message.timeToLive == 0 { entries[number]?.end = .discarded }
        }
        try checkStored(now: now, isStored)
        open.removeAll { number in
            entries[number].map { $0.end != nil && !$0.mayRepeat } ?? true
        }
    }

    /// Everything that is not over must be in the store.
    ///
    /// - Parameter now: by the relay's clock. What has expired by then may be gone, although nobody
    ///   was told.
    func checkStored(now: Instant, _ isStored: (MessageKey) -> Bool) throws(Violation) {
        for number in open {
            guard let entry = entries[number], entry.end == nil, entry.message.timeToLive > 0,
                entry.message.expiry > now
            else { continue }
            guard isStored(entry.message.key) else {
                throw Violation(
                    invariant: .nothingSentIsLost,
                    finding: "message \(number) (\(entry.message.id)) is not over and not stored",
                    event: 0)
            }
        }
    }

    /// Everything worked for a long time: what is settled is gone.
    func checkSettledAreGone(_ isStored: (MessageKey) -> Bool) throws(Violation) {
        for number in open {
            guard let entry = entries[number], entry.end == .settled, isStored(entry.message.key)
            else { continue }
            throw Violation(
                invariant: .settledLeavesTheStore,
                finding: "message \(number) (\(entry.message.id)) is settled and still stored",
                event: 0)
        }
    }

    /// Whether a receipt was ever seen.
    func hasReceipt(_ id: MessageID) -> Bool { receipts.contains(id) }

    /// The messages that are not over, in the order of their numbers.
    var unfinished: [UpstreamMessage] {
        open.compactMap { number in
            entries[number].flatMap { $0.end == nil ? $0.message : nil }
        }
    }

    /// Whether the relay has ever taken a message with this ID from this app.
    func hasTaken(_ id: MessageID, of category: Category) -> Bool {
        taken.contains(TakenName(category: category, id: id))
    }

    private func violation(
        _ invariant: Invariant, _ event: JournalEvent, _ finding: String
    ) -> Violation {
        Violation(invariant: invariant, finding: finding, event: event.number)
    }
}
