import CloudMessaging
import Journal

/// What the journal says of messages to devices, kept apart from the relay's own books.
struct DownstreamLedger {
    private struct Entry {
        /// As it was seen last: a token may be refreshed.
        var message: DownstreamMessage
        var end: MessageState?
        /// The device's stream that carries it.
        var stream: Int?
        /// A mailbox may have more than it should of what came back to it.
        var cameBack = false
        /// Settled in a life whose commit did not cover it: it may be delivered again.
        var mayRepeat = false

        /// Whether it counts for the limits of its mailbox.
        var waits: Bool { end == nil && stream == nil && !cameBack && message.timeToLive > 0 }
    }

    private var entries: [MailboxKey: Entry] = [:]
    /// Entries that are not over, as they came.
    private var open: [MailboxKey] = []
    /// By the relay's number, which those of one message to many share.
    private var keys: [Int64: [MailboxKey]] = [:]
    /// Deliveries of each stream that are not acknowledged.
    private var onWire: [Int: Int] = [:]
    /// Whether a message to many may have displaced others without a word.
    private var hasFannedOut = false
    /// The mailbox that got something last, and was not looked at yet.
    private var changed: Int64?
    /// Delivered messages whose receipt is to come.
    private(set) var awaitedReceipts: [MessageID] = []

    // MARK: Events

    mutating func observe(_ event: JournalEvent) throws(Violation) {
        switch event.kind {
        case .messageState where event.direction == .downstream: try became(event)
        case .delivery: try written(event)
        case .deliveryAcknowledged:
            guard let stream = event.connection else { return }
            onWire[stream] = max(0, (onWire[stream] ?? 0) - (event.detail?.count ?? 0))
        case .connectionClosed: event.connection.map { lost($0) }
        default: break
        }
    }

    private mutating func became(_ event: JournalEvent) throws(Violation) {
        guard let state = event.state else { return }
        switch state {
        case .queued: try queued(event)
        case .held, .inFlight: break
        case .settled, .expired, .discarded:
            for key in keys(of: event) { end(key, state) }
        }
    }

    private mutating func queued(_ event: JournalEvent) throws(Violation) {
        guard case .downstream(let message) = event.subject else {
            hasFannedOut = true
            return
        }
        try checkMailbox()
        see(message)
        if event.connection == nil {
            changed = message.key.registration
        } else {
            back(message.key)
        }
    }

    private mutating func written(_ event: JournalEvent) throws(Violation) {
        guard let stream = event.connection else { return }
        try checkMailbox()
        onWire[stream, default: 0] += 1
        guard onWire[stream, default: 0] <= Limits.unacknowledgedDeliveries else {
            throw violation(
                .deliveryWindow, event,
                "stream \(stream) has \(onWire[stream, default: 0]) deliveries to acknowledge")
        }
        guard case .downstream(let message) = event.subject else { return }
        see(message)
        if let entry = entries[message.key], let end = entry.end, !entry.mayRepeat {
            throw violation(
                .deliveredStaysDelivered, event,
                "message \(message.key.sequence) is delivered after it was \(end.rawValue)")
        }
        entries[message.key]?.stream = stream
    }

    private mutating func see(_ message: DownstreamMessage) {
        guard entries[message.key] == nil else {
            entries[message.key]?.message = message
            return
        }
        entries[message.key] = Entry(message: message)
        open.append(message.key)
        keys[message.key.sequence, default: []].append(message.key)
    }

    private mutating func end(_ key: MailboxKey, _ state: MessageState) {
        guard let entry = entries[key] else { return }
        if state == .settled, entry.end == nil || entry.mayRepeat, entry.message.wantsReceipt {
            awaitedReceipts.append(.receipt(for: entry.message.id))
        }
        entries[key]?.end = state
        entries[key]?.stream = nil
        entries[key]?.mayRepeat = false
    }

    private mutating func lost(_ stream: Int) {
        guard onWire.removeValue(forKey: stream) != nil else { return }
        for key in open where entries[key]?.stream == stream { back(key) }
    }

    private mutating func back(_ key: MailboxKey) {
        entries[key]?.stream = nil
        entries[key]?.cameBack = true
    }

    /// Of what leaves a mailbox often only the number is known, and whose mailbox it was.
    private func keys(of event: JournalEvent) -> [MailboxKey] {
        if case .downstream(let message) = event.subject { return [message.key] }
        guard let number = event.message, let keys = keys[number] else { return [] }
        guard let token = event.from else { return keys }
        return keys.filter { entries[$0]?.message.registration.token == token }
    }

    // MARK: The limits of a mailbox

    /// When a deposit is done with, and what it displaced was told.
    private mutating func checkMailbox() throws(Violation) {
        guard let registration = changed else { return }
        changed = nil
        guard !hasFannedOut else { return }
        var collapseKeys: [String] = []
        var others = 0
        for key in open where key.registration == registration {
            guard let entry = entries[key], entry.waits else { continue }
            guard let collapseKey = entry.message.collapseKey else {
                others += 1
                continue
            }
            if collapseKeys.contains(where: collapseKey.hasSameBytes) {
                throw Violation(
                    invariant: .mailboxLimits,
                    finding: "two messages wait under the collapse key \(collapseKey)", event: 0)
            }
            collapseKeys.append(collapseKey)
        }
        guard collapseKeys.count <= Limits.collapseKeysPerMailbox,
            others <= Limits.messagesPerMailbox
        else {
            throw Violation(
                invariant: .mailboxLimits,
                finding: "a mailbox has \(collapseKeys.count) collapse keys and \(others) messages "
                    + "without one",
                event: 0)
        }
    }

    // MARK: The relay's lives

    mutating func relayDied(
        now: Instant, standing: (DownstreamMessage) -> DepositStanding
    ) throws(Violation) {
        onWire = [:]
        changed = nil
        for key in open {
            guard let entry = entries[key] else { continue }
            if entry.stream != nil { back(key) }
            if entry.end == .settled {
                entries[key]?.mayRepeat = standing(entry.message) == .stored
            }
            // What is kept nowhere is gone with the process.
            if entry.end == nil, entry.message.timeToLive == 0 { entries[key]?.end = .expired }
        }
        try checkStored(now: now, standing)
        open.removeAll { key in entries[key].map { $0.end != nil && !$0.mayRepeat } ?? true }
    }

    /// Everything that is not over must be in its mailbox.
    ///
    /// - Parameter now: by the relay's clock, as for upstream messages.
    mutating func checkStored(
        now: Instant, _ standing: (DownstreamMessage) -> DepositStanding
    ) throws(Violation) {
        for key in open {
            guard let entry = entries[key], entry.end == nil, entry.message.timeToLive > 0,
                entry.message.expiry > now
            else { continue }
            switch standing(entry.message) {
            case .stored: continue
            // Nobody lived to tell.
            case .displaced: entries[key]?.end = .discarded
            case .missing:
                throw Violation(
                    invariant: .depositsLast,
                    finding: "message \(key.sequence) (\(entry.message.id)) is not over and not in "
                        + "its mailbox",
                    event: 0)
            }
        }
    }

    /// The messages that are not over.
    func unfinished(now: Instant) -> [DownstreamMessage] {
        open.compactMap { key in
            guard let entry = entries[key], entry.end == nil, entry.message.expiry > now
            else { return nil }
            return entry.message
        }
    }

    private func violation(
        _ invariant: Invariant, _ event: JournalEvent, _ finding: String
    ) -> Violation {
        Violation(invariant: invariant, finding: finding, event: event.number)
    }
}
