import CloudMessaging
import MessageStore
import Nodes

/// A relay's store in memory, which takes two milliseconds for a batch.
final class MemoryStoreQueue: StoreQueue {
    let store = InMemoryStore()
    private let scheduler: VirtualScheduler

    init(_ scheduler: VirtualScheduler) {
        self.scheduler = scheduler
    }

    func execute(_ batch: StoreBatch, completion: @escaping (StoreResults) -> Void) {
        _ = scheduler.schedule(at: scheduler.now + .milliseconds(2)) { [store] in
            completion(store.execute(batch))
        }
    }
}

/// A device's outbox in memory, which takes a millisecond for a batch.
final class MemoryOutboxQueue: OutboxQueue {
    let outbox = InMemoryOutbox()
    private let scheduler: VirtualScheduler

    init(_ scheduler: VirtualScheduler) {
        self.scheduler = scheduler
    }

    func execute(_ batch: OutboxBatch, completion: @escaping (StoreFailure?) -> Void) {
        _ = scheduler.schedule(at: scheduler.now + .milliseconds(1)) { [outbox] in
            completion(outbox.execute(batch))
        }
    }
}
