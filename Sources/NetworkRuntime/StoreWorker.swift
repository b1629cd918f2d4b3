package import CloudMessaging
package import MessageStore
package import NIOCore
package import NIOPosix
import Nodes

/// The one thread that talks to a store: a batch goes over, its results come back on the loop.
///
/// Two crossings a batch, none a message (design decision 5).
package final class StoreWorker: StoreQueue, Sendable {
    private let eventLoop: any EventLoop
    private let thread: NIOThreadPool
    private let store: Box

    /// The store is touched on the worker's one thread only, from here on.
    private struct Box: @unchecked Sendable {
        let store: any MessageStore
    }

    package init(store: any MessageStore, thread: NIOThreadPool, eventLoop: any EventLoop) {
        self.store = Box(store: store)
        self.thread = thread
        self.eventLoop = eventLoop
    }

    package func execute(_ batch: StoreBatch, completion: @escaping (StoreResults) -> Void) {
        let store = store
        let completion = NIOLoopBound(completion, eventLoop: eventLoop)
        thread.runIfActive(eventLoop: eventLoop) { store.store.execute(batch) }
            // The thread refuses only when the relay has ended.
            .whenSuccess { completion.value($0) }
    }

    /// Looks something up between two batches; nil: the store shows nothing, or the relay has ended.
    func look<Answer: Sendable>(
        _ look: @escaping @Sendable (any BrowsableStore) throws -> Answer
    ) async throws -> Answer? {
        let store = store
        return try await thread.runIfActive {
            guard let store = store.store as? any BrowsableStore else { return nil }
            return try look(store)
        }
    }
}
