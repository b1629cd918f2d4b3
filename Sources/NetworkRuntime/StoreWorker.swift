import CloudMessaging
import MessageStore
import NIOCore
import NIOPosix

/// The one thread that talks to a store: a batch goes over, its results come back on the loop.
///
/// Two crossings a batch, none a message (design decision 5).
struct StoreWorker: Sendable {
    private let thread: NIOThreadPool
    private let store: Box

    /// The store is touched on the worker's one thread only, from here on.
    private struct Box: @unchecked Sendable {
        let store: any MessageStore
    }

    init(store: any MessageStore, thread: NIOThreadPool) {
        self.store = Box(store: store)
        self.thread = thread
    }

    func execute(_ batch: StoreBatch, on eventLoop: any EventLoop) -> EventLoopFuture<StoreResults>
    {
        let store = store
        return thread.runIfActive(eventLoop: eventLoop) { store.store.execute(batch) }
    }
}
