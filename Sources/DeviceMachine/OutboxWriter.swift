internal import CloudMessaging

/// Gathers the changes of the outbox into batches, of which one at most is under way.
///
/// While a batch is being written the next one grows, so the more there is to do, the more rides
/// on each commit.
struct OutboxWriter {
    /// From now on nothing is repeated and nothing held back, so that the batches come to an end.
    var isClosing = false

    private var next = OutboxBatch()
    private var underWay: OutboxBatch?
    /// When removals are written at the latest that found nothing to ride with.
    private var removalDue: Instant?
    /// Until when changes wait that could not be stored; new messages do not wait, as their app
    /// is to hear at once whether they can be kept.
    private var retryAt: Instant?

    // MARK: Changes

    mutating func adopt(_ identity: DeviceIdentity) {
        next.newIdentity = identity
        next.registrations = []
        next.unregistered = []
    }

    mutating func drop(_ category: Category) {
        next.registrations.removeAll { $0.category == category }
        next.unregistered.append(category)
    }

    mutating func keep(_ registration: AppRegistration) {
        next.unregistered.removeAll { $0 == registration.category }
        next.registrations.append(registration)
    }

    mutating func add(_ message: PendingMessage) {
        next.added.append(message)
    }

    mutating func markSent(_ number: Int64) {
        next.sent.append(number)
    }

    /// What is lost of removals, deliveries and counter in a crash does no harm: something is told
    /// again in the next life, so they may wait.
    mutating func remove(_ number: Int64, by due: Instant) {
        next.removed.append(number)
        removalDue = removalDue ?? due
    }

    /// Of those that wait because the outbox cannot be written only the last are worth keeping.
    mutating func remember(_ delivery: DeliveryReference, by due: Instant) {
        let most = Limits.registrationsPerDevice * Limits.rememberedDeliveries
        if next.received.count >= most { next.received.removeFirst() }
        next.received.append(delivery)
        removalDue = removalDue ?? due
    }

    mutating func count(_ messageCounter: Int64, by due: Instant) {
        next.messageCounter = messageCounter
        removalDue = removalDue ?? due
    }

    // MARK: Batches

    mutating func takeBatch() -> OutboxBatch? {
        guard underWay == nil, !next.isEmpty, isUrgent else { return nil }
        underWay = next
        next = OutboxBatch()
        removalDue = nil
        return underWay
    }

    private var isUrgent: Bool {
        if isClosing || !next.added.isEmpty { return true }
        if retryAt != nil { return false }
        return removalDue == nil || !next.sent.isEmpty || next.newIdentity != nil
            || !next.registrations.isEmpty || !next.unregistered.isEmpty
    }

    /// The batch that has become durable; nil when none was under way.
    mutating func committed() -> OutboxBatch? {
        defer { underWay = nil }
        retryAt = nil
        return underWay
    }

    /// The batch that has not; what it said of earlier messages goes into the next one, its new
    /// messages are the caller's to refuse.
    mutating func failed(_ failure: StoreFailure, retryAt: Instant) -> OutboxBatch? {
        guard let batch = underWay else { return nil }
        underWay = nil
        guard !isClosing else {
            let added = next.added
            next = OutboxBatch()
            next.added = added
            return batch
        }
        self.retryAt = retryAt
        removalDue = nil
        if next.newIdentity == nil {
            next.newIdentity = batch.newIdentity
            repeatRegistrations(of: batch)
        }
        next.sent.insert(contentsOf: batch.sent, at: 0)
        next.removed.insert(contentsOf: batch.removed, at: 0)
        next.received.insert(contentsOf: batch.received, at: 0)
        next.messageCounter = next.messageCounter ?? batch.messageCounter
        if failure.kind == .unknownOutcome {
            next.removed.append(contentsOf: batch.added.map(\.number))
        }
        return batch
    }

    /// What was said since of an app counts more.
    private mutating func repeatRegistrations(of batch: OutboxBatch) {
        let dropped = batch.unregistered.filter { category in
            !next.registrations.contains { $0.category == category }
        }
        let kept = batch.registrations.filter { !next.unregistered.contains($0.category) }
        next.unregistered.insert(contentsOf: dropped, at: 0)
        next.registrations.insert(contentsOf: kept, at: 0)
    }

    // MARK: Time

    /// When `takeBatch` may give something that it does not give now.
    var deadline: Instant? {
        guard underWay == nil, !next.isEmpty, !isUrgent else { return nil }
        return retryAt ?? removalDue
    }

    mutating func deadlineReached(_ now: Instant) {
        if let due = retryAt, due <= now {
            retryAt = nil
            removalDue = nil
        }
        if let due = removalDue, due <= now { removalDue = nil }
    }
}
