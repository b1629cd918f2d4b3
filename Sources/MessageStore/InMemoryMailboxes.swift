internal import CloudMessaging

/// The mailboxes and the subscriptions of a store in memory.
struct InMemoryMailboxes: Hashable {
    private struct Mailbox: Hashable {
        var messages = InMemoryQueue<DownstreamMessage>()
        var tally = DeletionTally()
    }

    private struct Topic: ByteIdentified {
        let text: String
    }

    /// By the numbers of their registrations.
    private var mailboxes: [Int64: Mailbox] = [:]
    private var messageCount = 0
    private var expiries = InMemoryExpiries<DownstreamMessage>()
    private var subscribers: [Topic: Set<Int64>] = [:]

    // MARK: Questions

    /// As they were deposited.
    func messages(of read: MailboxRead) -> [DownstreamMessage] {
        let start = MailboxKey(registration: read.registration, sequence: read.after)
        return mailboxes[read.registration]?.messages.messages(after: start, limit: read.limit)
            ?? []
    }

    /// Of all mailboxes, by their registrations and by number.
    func messages(after key: MailboxKey, limit: Int) -> [DownstreamMessage] {
        var found: [DownstreamMessage] = []
        for number in mailboxes.keys.filter({ $0 >= key.registration }).sorted()
        where found.count < limit {
            let start = max(key, MailboxKey(registration: number, sequence: 0))
            let messages = mailboxes[number]?.messages
            found += messages?.messages(after: start, limit: limit - found.count) ?? []
        }
        return found
    }

    /// Of all mailboxes, those of one number.
    func messages(numbered number: Int64) -> [DownstreamMessage] {
        mailboxes.keys.sorted().compactMap { registration in
            let start = MailboxKey(registration: registration, sequence: number - 1)
            let next = mailboxes[registration]?.messages.messages(after: start, limit: 1).first
            return next?.key.sequence == number ? next : nil
        }
    }

    func deletion(of registration: Int64) -> DeletionNotice? {
        guard let tally = mailboxes[registration]?.tally, !tally.isTold else { return nil }
        return tally.notice(for: registration)
    }

    func contains(_ key: MailboxKey) -> Bool {
        mailboxes[key.registration]?.messages.contains(key) ?? false
    }

    /// Whether a message that is gone may be so for another: one with a collapse key for any later
    /// one that has a key, one without for an overflow.
    func mayHaveDisplaced(_ message: DownstreamMessage) -> Bool {
        guard let mailbox = mailboxes[message.key.registration] else { return false }
        guard message.collapseKey != nil else {
            return mailbox.tally.lastOverflow >= message.key.sequence
        }
        return mailbox.messages.messages(after: message.key).contains { $0.collapseKey != nil }
    }

    func subscribers(of topic: String) -> Set<Int64> {
        subscribers[Topic(text: topic)] ?? []
    }

    // MARK: Changes

    /// The addressee must be active.
    mutating func deposit(_ message: DownstreamMessage, after: Int64) -> DepositResult {
        let number = message.key.registration
        let start = MailboxKey(
            registration: number, sequence: min(after, message.key.sequence - 1))
        let decision = state(after: start)
            .deposit(message.key, collapseKey: message.collapseKey)
        for sequence in decision.result.dropped {
            _ = remove(MailboxKey(registration: number, sequence: sequence))
        }
        if decision.isAdmitted { insert(message) }
        if let tally = decision.tally { mailboxes[number, default: Mailbox()].tally = tally }
        return decision.result
    }

    private func state(after start: MailboxKey) -> MailboxState {
        guard let mailbox = mailboxes[start.registration]
        else { return MailboxState(tally: DeletionTally()) }
        var state = MailboxState(tally: mailbox.tally)
        state.waiting = mailbox.messages.messages(after: start).map {
            MailboxState.Waiting(sequence: $0.key.sequence, collapseKey: $0.collapseKey)
        }
        return state
    }

    private mutating func insert(_ message: DownstreamMessage) {
        let number = message.key.registration
        guard mailboxes[number, default: Mailbox()].messages.insert(message) else { return }
        expiries.insert(message)
        messageCount += 1
    }

    /// False when there is no such message.
    mutating func remove(_ key: MailboxKey) -> Bool {
        guard mailboxes[key.registration]?.messages.remove(key) != nil else { return false }
        messageCount -= 1
        return true
    }

    mutating func tell(_ notice: DeletionNotice) {
        mailboxes[notice.registration]?.tally.tell(notice)
    }

    mutating func subscribe(_ subscription: TopicSubscription) {
        let topic = Topic(text: subscription.topic)
        if subscription.isSubscribed {
            subscribers[topic, default: []].insert(subscription.registration)
        } else {
            subscribers[topic]?.remove(subscription.registration)
        }
    }

    /// Forgets all that belongs to a registration.
    mutating func forget(_ registration: Int64) {
        messageCount -= mailboxes.removeValue(forKey: registration)?.messages.count ?? 0
        for topic in Array(subscribers.keys) { subscribers[topic]?.remove(registration) }
    }

    // MARK: Expiry

    /// At most so many.
    mutating func expire(at now: Instant, limit: Int) -> [MailboxKey] {
        var expired: [MailboxKey] = []
        while expired.count < limit, let key = expiries.pop(at: now) {
            if remove(key) { expired.append(key) }
        }
        return expired
    }

    mutating func nextExpiry() -> Instant? {
        expiries.next(count: messageCount) {
            mailboxes[$0.registration]?.messages.contains($0) ?? false
        }
    }
}
