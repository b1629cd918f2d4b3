import CloudMessaging
import MessageStore
import NIOCore
import NIOPosix
import Nodes

/// The one thread that talks to a device's outbox.
final class OutboxWorker: OutboxQueue, Sendable {
    private let eventLoop: any EventLoop
    private let thread: NIOThreadPool
    private let outbox: Box

    /// The outbox is touched on the worker's one thread only, from here on.
    private struct Box: @unchecked Sendable {
        let outbox: any OutboxStore
    }

    init(outbox: any OutboxStore, thread: NIOThreadPool, eventLoop: any EventLoop) {
        self.outbox = Box(outbox: outbox)
        self.thread = thread
        self.eventLoop = eventLoop
    }

    func execute(_ batch: OutboxBatch, completion: @escaping (StoreFailure?) -> Void) {
        let outbox = outbox
        let completion = NIOLoopBound(completion, eventLoop: eventLoop)
        thread.runIfActive(eventLoop: eventLoop) { outbox.outbox.execute(batch) }
            .whenComplete { result in
                switch result {
                case .success(let failure): completion.value(failure)
                case .failure(let error): completion.value(StoreFailure(.unavailable, "\(error)"))
                }
            }
    }
}
