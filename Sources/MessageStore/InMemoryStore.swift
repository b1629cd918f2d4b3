package import CloudMessaging
internal import HeapModule

/// A store in memory: for `--store :memory:`, for tests, and for the simulator, which decides when
/// a batch is executed and can have the power fail before.
package final class InMemoryStore: MessageStore {
    private var life: Int64 = 0
    /// Every sequence that a message ever had is lower.
    private var sequenceCeiling: Int64 = 1
    private var senders: [StoredSender] = []
    private var devices: [DeviceID: DeviceRecord] = [:]
    /// By number, for messages whose registration was replaced.
    private var registrations: [Int64: Registration] = [:]
    private var lastRegistration: Int64 = 0
    private var lanes: [LaneID: InMemoryLane] = [:]
    private var messageCount = 0
    /// May name messages that are gone; those are passed over.
    private var expiries = Heap<Expiry>()

    /// When set, opening and every batch with changes fail with it: a full disk, on demand.
    package var failure: StoreFailure?

    package init() {}

    package func open() throws(StoreFailure) -> StoreSnapshot {
        if let failure { throw failure }
        life += 1
        let firstSequence = sequenceCeiling
        sequenceCeiling += Limits.sequencesReserved
        return StoreSnapshot(
            life: life, firstSequence: firstSequence, firstRegistration: lastRegistration + 1,
            senders: senders, messageCount: messageCount, nextExpiry: nextExpiry())
    }

    package func execute(_ batch: StoreBatch) -> StoreResults {
        var results = StoreResults()
        results.lanes = batch.laneReads.map(read)
        results.devices = batch.deviceLoads.map { devices[$0] }
        guard batch.hasChanges else { return results }
        guard failure == nil else {
            results.failure = failure
            return results
        }
        senders += batch.newSenders.filter { new in !senders.contains { $0.id == new.id } }
        batch.newDevices.forEach(insert)
        batch.registrations.forEach(register)
        batch.messages.forEach(insert)
        batch.recentUploads.forEach { devices[$0.device]?.recentUploads = $0.uploads }
        batch.removals.forEach { _ = remove($0) }
        if let now = batch.expireBefore { expire(before: now, results: &results) }
        sequenceCeiling = max(sequenceCeiling, batch.sequenceCeiling ?? 0)
        return results
    }

    // MARK: Messages

    private func read(_ read: LaneRead) -> [UpstreamMessage] {
        lanes[read.lane]?.messages(after: read.after, through: read.through, limit: read.limit)
            .map(withCurrentOrigin) ?? []
    }

    private func insert(_ message: UpstreamMessage) {
        sequenceCeiling = max(sequenceCeiling, message.key.sequence + 1)
        guard lanes[message.key.lane, default: InMemoryLane()].insert(message) else { return }
        expiries.insert(Expiry(instant: message.expiry, key: message.key))
        messageCount += 1
    }

    private func remove(_ key: MessageKey) -> UpstreamMessage? {
        guard let message = lanes[key.lane]?.remove(key) else { return nil }
        messageCount -= 1
        return message
    }

    private func withCurrentOrigin(_ message: UpstreamMessage) -> UpstreamMessage {
        guard let origin = registrations[message.origin.number], origin !== message.origin
        else { return message }
        return UpstreamMessage(
            key: message.key, origin: origin, id: message.id, data: message.data,
            timeToLive: message.timeToLive, expiry: message.expiry)
    }

    // MARK: Expiry

    private func expire(before now: Instant, results: inout StoreResults) {
        while results.expired.count < Limits.expiryBatch, let next = expiries.min,
            next.instant <= now
        {
            expiries.removeMin()
            guard let message = remove(next.key).map(withCurrentOrigin) else { continue }
            results.expired.append(ExpiredMessage(key: message.key, pair: message.pair))
        }
        results.nextExpiry = nextExpiry()
    }

    /// Throws away what names messages that are gone.
    private func nextExpiry() -> Instant? {
        if expiries.count > 2 * messageCount + 1_000 {
            expiries = Heap(expiries.unordered.filter { contains($0.key) })
        }
        while let next = expiries.min, !contains(next.key) { expiries.removeMin() }
        return expiries.min?.instant
    }

    private func contains(_ key: MessageKey) -> Bool {
        lanes[key.lane]?.contains(key) ?? false
    }

    // MARK: Registry

    private func insert(_ device: DeviceRecord) {
        if devices[device.id] == nil { devices[device.id] = device }
        device.registrations.forEach(register)
    }

    private func register(_ registration: Registration) {
        let number = registration.number
        lastRegistration = max(lastRegistration, number)
        registrations[number] = registration
        devices[registration.device]?.registrations.removeAll { $0.number == number }
        let index = devices[registration.device]?.registrations.firstIndex { $0.number > number }
        guard let end = devices[registration.device]?.registrations.count else { return }
        devices[registration.device]?.registrations.insert(registration, at: index ?? end)
    }
}

private struct Expiry: Comparable {
    let instant: Instant
    let key: MessageKey

    static func < (left: Expiry, right: Expiry) -> Bool {
        (left.instant, left.key) < (right.instant, right.key)
    }
}
