import CloudMessaging
import MessageStore
import NIOCore
import NIOPosix

/// The one thread that talks to a device's outbox.
struct OutboxWorker: Sendable {
    private let thread: NIOThreadPool
    private let outbox: Box

    /// The outbox is touched on the worker's one thread only, from here on.
    private struct Box: @unchecked Sendable {
        let outbox: any OutboxStore
    }

    init(outbox: any OutboxStore, thread: NIOThreadPool) {
        self.outbox = Box(outbox: outbox)
        self.thread = thread
    }

    func execute(
        _ batch: OutboxBatch, on eventLoop: any EventLoop
    ) -> EventLoopFuture<StoreFailure?> {
        let outbox = outbox
        return thread.runIfActive(eventLoop: eventLoop) { outbox.outbox.execute(batch) }
    }
}
