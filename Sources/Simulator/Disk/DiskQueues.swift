import CloudMessaging
import Invariants
import MessageStore
import Nodes

/// What can go wrong with a store, besides losing its power.
package enum StoreFault: Sendable, Hashable {
    /// Nothing is changed: the disk is full.
    case full
    /// Everything is changed, and reported as if nobody knew.
    case unknownOutcome
}

/// A relay's store on a simulated disk.
final class RelayDisk {
    private let store = InMemoryStore()
    private let disk: Disk
    /// What goes wrong with every transaction until it is set to nil again.
    var fault: StoreFault?

    init(in world: World, settings: DiskSettings) {
        disk = Disk(in: world, settings: settings)
    }

    /// What the store holds, for a new life of the relay.
    func open() -> StoreSnapshot? {
        store.failure = nil
        return try? store.open()
    }

    /// Whether a message is durable.
    func contains(_ key: MessageKey) -> Bool { store.contains(key) }

    /// What became of a message that was put in a mailbox.
    func standing(of message: DownstreamMessage) -> DepositStanding {
        switch store.contains(message) {
        case true?: .stored
        case false?: .missing
        case nil: .displaced
        }
    }

    func queue(in life: Life) -> any StoreQueue { Queue(self, life) }

    private func execute(_ batch: StoreBatch) -> StoreResults {
        store.failure = fault == .full ? StoreFailure(.unavailable, "the disk is full") : nil
        var results = store.execute(batch)
        if fault == .unknownOutcome, batch.hasChanges, results.failure == nil {
            results.failure = StoreFailure(.unknownOutcome, "the answer to the commit was lost")
        }
        return results
    }

    private final class Queue: StoreQueue {
        private let disk: RelayDisk
        private let life: Life

        init(_ disk: RelayDisk, _ life: Life) {
            self.disk = disk
            self.life = life
        }

        func execute(_ batch: StoreBatch, completion: @escaping (StoreResults) -> Void) {
            disk.disk.write(in: life) { [disk] in
                let results = disk.execute(batch)
                return { completion(results) }
            }
        }
    }
}

/// A device's outbox on a simulated disk.
final class OutboxDisk {
    private let outbox = InMemoryOutbox()
    private let disk: Disk
    /// What goes wrong with every transaction until it is set to nil again.
    var fault: StoreFault?

    init(in world: World, settings: DiskSettings) {
        disk = Disk(in: world, settings: settings)
    }

    /// What the outbox holds, for a new life of the device.
    func open() -> OutboxSnapshot? {
        outbox.failure = nil
        return try? outbox.open()
    }

    func queue(in life: Life) -> any OutboxQueue { Queue(self, life) }

    private func execute(_ batch: OutboxBatch) -> StoreFailure? {
        outbox.failure = fault == .full ? StoreFailure(.unavailable, "the disk is full") : nil
        let failure = outbox.execute(batch)
        if fault == .unknownOutcome, failure == nil {
            return StoreFailure(.unknownOutcome, "the answer to the commit was lost")
        }
        return failure
    }

    private final class Queue: OutboxQueue {
        private let disk: OutboxDisk
        private let life: Life

        init(_ disk: OutboxDisk, _ life: Life) {
            self.disk = disk
            self.life = life
        }

        func execute(_ batch: OutboxBatch, completion: @escaping (StoreFailure?) -> Void) {
            disk.disk.write(in: life) { [disk] in
                let failure = disk.execute(batch)
                return { completion(failure) }
            }
        }
    }
}
