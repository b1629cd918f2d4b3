package import CloudMessaging
import HeapModule

/// A store in memory: for `--store :memory:`, for tests, and for the simulator, which decides when
/// a batch is executed and can have the power fail before.
package final class InMemoryStore: MessageStore {
    private var life: Int64 = 0
    private var sequenceCeiling: Int64 = 1
    private var lastRegistration: Int64 = 0
    private var senders: [StoredSender] = []
    private var devices: [DeviceID: DeviceRecord] = [:]
    /// By lane, sorted by key: messages come in order and are found by bisection.
    private var lanes: [LaneID: [UpstreamMessage]] = [:]
    /// May name messages that are gone; those are passed over.
    private var expiries = Heap<Expiry>()
    private var messageCount = 0

    /// When set, every batch with changes fails with it: a full disk, on demand.
    package var failure: StoreFailure?

    package init() {}

    package func open() throws(StoreFailure) -> StoreSnapshot {
        life += 1
        return StoreSnapshot(
            life: life, firstSequence: sequenceCeiling, firstRegistration: lastRegistration + 1,
            senders: senders, messageCount: messageCount, nextExpiry: expiries.min?.instant)
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
        batch.newDevices.forEach { devices[$0.id] = $0 }
        batch.registrations.forEach(register)
        batch.messages.forEach(insert)
        batch.recentUploads.forEach { devices[$0.device]?.recentUploads = $0.uploads }
        batch.removals.forEach { _ = remove($0) }
        if let now = batch.expireBefore { expire(before: now, results: &results) }
        sequenceCeiling = max(sequenceCeiling, batch.sequenceCeiling ?? 0)
        return results
    }

    // MARK: Lanes

    private func read(_ read: LaneRead) -> [UpstreamMessage] {
        let lane = lanes[read.lane, default: []]
        let start = lane.firstIndex(after: read.after)
        let end = read.through.map { lane.firstIndex(after: $0) } ?? lane.count
        return Array(lane[start..<max(start, end)].prefix(read.limit))
    }

    private func insert(_ message: UpstreamMessage) {
        let index = lanes[message.key.lane, default: []].firstIndex(after: message.key)
        if index > 0, lanes[message.key.lane]?[index - 1].key == message.key { return }
        lanes[message.key.lane, default: []].insert(message, at: index)
        expiries.insert(Expiry(instant: message.expiry, key: message.key))
        messageCount += 1
    }

    private func remove(_ key: MessageKey) -> UpstreamMessage? {
        let index = lanes[key.lane, default: []].firstIndex(after: key) - 1
        guard index >= 0, let message = lanes[key.lane]?[index], message.key == key
        else { return nil }
        messageCount -= 1
        return lanes[key.lane]?.remove(at: index)
    }

    private func expire(before now: Instant, results: inout StoreResults) {
        while results.expired.count < Limits.expiryBatch, let next = expiries.min,
            next.instant <= now
        {
            expiries.removeMin()
            guard let message = remove(next.key) else { continue }
            results.expired.append(ExpiredMessage(key: message.key, pair: message.pair))
        }
        results.nextExpiry = expiries.min?.instant
    }

    // MARK: Registry

    private func register(_ registration: Registration) {
        lastRegistration = max(lastRegistration, registration.number)
        devices[registration.device]?.registrations.removeAll { $0.number == registration.number }
        devices[registration.device]?.registrations.append(registration)
    }
}

private struct Expiry: Comparable {
    let instant: Instant
    let key: MessageKey

    static func < (left: Expiry, right: Expiry) -> Bool {
        (left.instant, left.key) < (right.instant, right.key)
    }
}

extension [UpstreamMessage] {
    /// Where the first message with a higher key stands.
    fileprivate func firstIndex(after key: MessageKey) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].key <= key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
