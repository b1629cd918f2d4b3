package import CloudMessaging

/// What a store in memory holds, as a value: a copy is a store of its own.
package struct InMemoryTables: Hashable {
    private var life: Int64 = 0
    /// Every sequence that a message ever had is lower.
    private var sequenceCeiling: Int64 = 1
    private var registry = InMemoryRegistry()
    private var lanes: [LaneID: InMemoryQueue<UpstreamMessage>] = [:]
    private var messageCount = 0
    private var expiries = InMemoryExpiries<UpstreamMessage>()
    private var mailboxes = InMemoryMailboxes()
    private var groups = InMemoryGroups()

    /// When set, opening and every batch with changes fail with it: a full disk, on demand.
    package var failure: StoreFailure?

    package init() {}

    package mutating func open() throws(StoreFailure) -> StoreSnapshot {
        if let failure { throw failure }
        life += 1
        let firstSequence = sequenceCeiling
        sequenceCeiling += Limits.sequencesReserved
        return StoreSnapshot(
            life: life, firstSequence: firstSequence,
            firstRegistration: registry.lastRegistration + 1, senders: registry.senders,
            messageCount: messageCount, nextExpiry: nextExpiry())
    }

    package mutating func execute(_ batch: StoreBatch) -> StoreResults {
        var results = StoreResults()
        results.lanes = batch.laneReads.map(read)
        results.devices = batch.deviceLoads.map(registry.device)
        results.tokens = batch.tokenLoads.map {
            registry.record(of: $0) ?? groups[$0].map(TokenRecord.group)
        }
        results.mailboxes = batch.mailboxReads.map(read)
        guard batch.hasChanges else { return results }
        guard failure == nil else {
            results.failure = failure
            return results
        }
        registry.insert(batch.newSenders)
        batch.newDevices.forEach { insert($0) }
        batch.registrations.forEach { register($0) }
        batch.supersededTokens.forEach { registry.supersede($0) }
        batch.messages.forEach { insert($0) }
        batch.recentUploads.forEach { registry.update($0) }
        batch.removals.forEach { _ = remove($0) }
        change(batch.downstream, results: &results)
        if let now = batch.expireBefore { expire(before: now, results: &results) }
        sequenceCeiling = max(
            sequenceCeiling, batch.sequenceCeiling ?? 0,
            (batch.downstream.lastSequence ?? 0) + 1)
        return results
    }

    // MARK: Upstream messages

    /// Whether an upstream message is stored.
    package func contains(_ key: MessageKey) -> Bool {
        lanes[key.lane]?.contains(key) ?? false
    }

    /// Whether a message to a device lies in its mailbox; nil: it is not there, and need not be, as
    /// another may have displaced it or its app is gone.
    package func contains(_ message: DownstreamMessage) -> Bool? {
        if mailboxes.contains(message.key) { return true }
        guard registry.isActive(message.key.registration) else { return nil }
        return mailboxes.mayHaveDisplaced(message) ? nil : false
    }

    /// By number, of all lanes.
    func upstream(after number: Int64, limit: Int) -> [UpstreamMessage] {
        var found: [UpstreamMessage] = []
        for (lane, queue) in lanes {
            let start = MessageKey(lane: lane, sequence: number)
            found += queue.messages(after: start, limit: limit)
        }
        found.sort { $0.key.sequence < $1.key.sequence }
        return found.prefix(limit).map(withCurrentOrigin)
    }

    /// Active ones, by number.
    func registrations(after number: Int64, limit: Int) -> [Registration] {
        registry.active(after: number, limit: limit)
    }

    private func read(_ read: LaneRead) -> [UpstreamMessage] {
        lanes[read.lane]?.messages(after: read.after, through: read.through, limit: read.limit)
            .map(withCurrentOrigin) ?? []
    }

    private mutating func insert(_ message: UpstreamMessage) {
        sequenceCeiling = max(sequenceCeiling, message.key.sequence + 1)
        guard lanes[message.key.lane, default: InMemoryQueue()].insert(message) else { return }
        expiries.insert(message)
        messageCount += 1
    }

    private mutating func remove(_ key: MessageKey) -> UpstreamMessage? {
        guard let message = lanes[key.lane]?.remove(key) else { return nil }
        messageCount -= 1
        return message
    }

    private func withCurrentOrigin(_ message: UpstreamMessage) -> UpstreamMessage {
        guard let origin = registry[message.origin.number], origin !== message.origin
        else { return message }
        return UpstreamMessage(
            key: message.key, origin: origin, id: message.id, data: message.data,
            timeToLive: message.timeToLive, expiry: message.expiry, kind: message.kind)
    }

    // MARK: Downstream messages

    private func read(_ read: MailboxRead) -> MailboxContent {
        guard let registration = registry[read.registration] else { return MailboxContent() }
        let messages = mailboxes.messages(of: read).map { message in
            message.registration === registration
                ? message
                : DownstreamMessage(
                    sequence: message.key.sequence, registration: registration,
                    template: message.template)
        }
        return MailboxContent(
            messages: messages, deletion: mailboxes.deletion(of: read.registration))
    }

    /// By mailbox and number.
    func downstream(after key: MailboxKey, limit: Int) -> [DownstreamMessage] {
        mailboxes.messages(after: key, limit: limit)
    }

    /// One for each mailbox that has it.
    func deliveries(numbered number: Int64) -> [DownstreamMessage] {
        mailboxes.messages(numbered: number)
    }

    private mutating func change(_ changes: DownstreamChanges, results: inout StoreResults) {
        for subscription in changes.subscriptions
        where registry.isActive(subscription.registration) {
            mailboxes.subscribe(subscription)
        }
        results.groupChanges = changes.groupChanges.map {
            groups.change($0, isActive: registry.isActive)
        }
        changes.forEachDeposit(
            toOne: { results.deposits.append(deposit($0, changes.onWire)) },
            toTopics: { results.topicDeposits.append(deposit($0, changes.onWire)) })
        changes.removals.forEach { _ = mailboxes.remove($0) }
        changes.deletionsTold.forEach { mailboxes.tell($0) }
    }

    private mutating func deposit(
        _ message: DownstreamMessage, _ onWire: [Int64: Int64]
    ) -> DepositResult {
        let registration = message.key.registration
        guard registry.isActive(registration) else { return .unregistered }
        return mailboxes.deposit(message, after: onWire[registration] ?? 0)
    }

    private mutating func deposit(
        _ deposit: TopicDeposit, _ onWire: [Int64: Int64]
    ) -> TopicDepositResult {
        let (reached, failed) = audience(of: deposit)
        var overflow = MailboxOverflow()
        for registration in reached.compactMap({ registry[$0] })
        where !deposit.isDryRun {
            let message = DownstreamMessage(
                sequence: deposit.sequence, registration: registration, template: deposit.template)
            overflow.add(
                mailboxes.deposit(message, after: onWire[registration.number] ?? 0))
        }
        return TopicDepositResult(subscribers: reached, failed: failed, overflow: overflow)
    }

    private func audience(
        of deposit: TopicDeposit
    ) -> (reached: [Int64], failed: [RegistrationToken]) {
        switch deposit.audience {
        case .subscribers(let condition):
            let sender = registry.senders.first { $0.number == deposit.template.sender }?.id
            guard let sender else { return ([], []) }
            let audience = condition.audience(
                subscribers: { topic in
                    mailboxes.subscribers(of: topic).filter { registry.isActive($0, for: sender) }
                },
                everyone: { registry.everyone(of: sender) })
            return (audience, [])
        case .group(let key, let exception, let throttled):
            let members = (groups[key]?.members ?? []).filter { $0 != exception }
            let isReached = { self.registry.isActive($0) && !throttled.contains($0) }
            return (
                members.filter(isReached),
                members.lazy.filter { !isReached($0) }.compactMap { self.registry[$0]?.token }
            )
        }
    }

    // MARK: Expiry

    private mutating func expire(before now: Instant, results: inout StoreResults) {
        while results.expired.count < Limits.expiryBatch, let key = expiries.pop(at: now) {
            guard let message = remove(key).map(withCurrentOrigin) else { continue }
            results.expired.append(ExpiredMessage(key: message.key, pair: message.pair))
        }
        let room = Limits.expiryBatch - results.expired.count
        results.expiredDeposits = mailboxes.expire(at: now, limit: room)
        results.nextExpiry = nextExpiry()
    }

    private mutating func nextExpiry() -> Instant? {
        let upstream = expiries.next(count: messageCount) { [lanes] in
            lanes[$0.lane]?.contains($0) ?? false
        }
        return [upstream, mailboxes.nextExpiry()].lazy.compactMap(\.self).min()
    }

    // MARK: Registry

    private mutating func insert(_ device: DeviceRecord) {
        registry.insert(device)
        device.registrations.forEach { register($0) }
    }

    private mutating func register(_ registration: Registration) {
        registry.register(registration)
        if !registration.isActive { mailboxes.forget(registration.number) }
    }
}
