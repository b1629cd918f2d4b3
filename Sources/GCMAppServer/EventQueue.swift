import DequeModule
import NetworkRuntime
internal import Nodes
import Synchronization

/// Events between the app server's own thread, which appends them in batches, and the tasks of the
/// application, which take them as they like.
///
/// No task or stream element per message: a batch costs one lock and wakes as many waiting tasks as
/// it has events.
final class EventQueue: Sendable {
    /// Events that may wait before the library's ACKs are held back, so that the relay's window
    /// closes; when there are but half as many, they are given out.
    static let limit = 1_000
    /// Events that a relay without a window may pile up before the sockets are not read any more.
    static let flood = 10_000

    private struct State {
        var events: Deque<AppServerEvent> = []
        var waiters: Deque<Waiter> = []
        var lastWaiter = 0
        /// Where the events come from; nil: nothing is handed out yet.
        var runtime: AppServerRuntime?
        var isPaused = false
        var isFlooded = false
        var isFinished = false
        /// Somebody takes what comes. Until then receipts are left out: they have a queue of their
        /// own, and an app server that only sends must not choke on them here.
        var isTaken = false
    }

    private struct Waiter {
        let id: Int
        /// Given false when the task was cancelled.
        let continuation: CheckedContinuation<Bool, Never>
    }

    private let state = Mutex(State())

    // MARK: The app server's side

    /// Says where the events come from, before which none is handed out.
    func attach(_ runtime: AppServerRuntime) {
        state.withLock { state in
            state.runtime = runtime
            wake(&state)
        }
    }

    func append(_ batch: [AppServerEvent]) {
        state.withLock { state in
            guard !state.isFinished else { return }
            for event in batch {
                switch event {
                case .connectionFailed where state.isPaused:
                    // These come without end while nobody listens.
                    break
                case .receipt where !state.isTaken:
                    break
                default:
                    state.events.append(event)
                }
            }
            pauseIfFull(&state)
            wake(&state)
        }
    }

    /// Nothing more comes: what waits is still handed out.
    func finish() {
        state.withLock { state in
            state.isFinished = true
            for waiter in state.waiters { waiter.continuation.resume(returning: true) }
            state.waiters = []
        }
    }

    // MARK: The application's side

    /// The next event; nil: there will be none, or the task was cancelled.
    func next() async -> GCMAppServer.Event? {
        await take { events, runtime in
            events.popFirst().map { GCMAppServer.Event($0, runtime: runtime) }
        }
    }

    /// All events that wait, at least one; nil: there will be none, or the task was cancelled.
    func nextBatch() async -> [GCMAppServer.Event]? {
        await take { events, runtime in
            guard !events.isEmpty else { return nil }
            defer { events.removeAll(keepingCapacity: true) }
            return events.map { GCMAppServer.Event($0, runtime: runtime) }
        }
    }

    /// The next message; other events are passed over.
    func nextMessage() async -> GCMAppServer.UpstreamMessage? {
        await take { events, runtime in
            while let event = events.popFirst() {
                guard case .upstream(let message, let id, let attempt) = event else { continue }
                return GCMAppServer.UpstreamMessage(
                    message, on: id, attempt: attempt, runtime: runtime)
            }
            return nil
        }
    }

    private func take<Taken: Sendable>(
        _ pick: @Sendable (inout Deque<AppServerEvent>, AppServerRuntime) -> Taken?
    ) async -> Taken? {
        while true {
            let (taken, isFinished) = state.withLock { state in
                state.isTaken = true
                guard let runtime = state.runtime else { return (Taken?.none, state.isFinished) }
                let taken = pick(&state.events, runtime)
                goOnIfDrained(&state)
                return (taken, state.isFinished)
            }
            if let taken { return taken }
            guard !isFinished, await eventsCame() else { return nil }
        }
    }

    /// Waits until there may be events, or will never be; false: the task was cancelled.
    private func eventsCame() async -> Bool {
        let id = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                state.withLock { state in
                    if state.isFinished || (!state.events.isEmpty && state.runtime != nil) {
                        continuation.resume(returning: true)
                    } else if Task.isCancelled {
                        continuation.resume(returning: false)
                    } else {
                        state.waiters.append(Waiter(id: id, continuation: continuation))
                    }
                }
            }
        } onCancel: {
            state.withLock { state in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else { return }
                state.waiters.remove(at: index).continuation.resume(returning: false)
            }
        }
    }

    // MARK: Steps, under the lock

    private func wake(_ state: inout State) {
        guard state.runtime != nil else { return }
        for _ in 0..<min(state.events.count, state.waiters.count) {
            state.waiters.removeFirst().continuation.resume(returning: true)
        }
    }

    // The orders are given under the lock, so that they keep their order.

    private func pauseIfFull(_ state: inout State) {
        guard let runtime = state.runtime else { return }
        if !state.isPaused, state.events.count >= Self.limit {
            state.isPaused = true
            runtime.holdAcknowledgements(true)
        }
        if !state.isFlooded, state.events.count >= Self.flood {
            state.isFlooded = true
            runtime.setReading(false)
        }
    }

    private func goOnIfDrained(_ state: inout State) {
        guard state.isPaused, state.events.count <= Self.limit / 2 else { return }
        state.isPaused = false
        state.runtime?.holdAcknowledgements(false)
        guard state.isFlooded else { return }
        state.isFlooded = false
        state.runtime?.setReading(true)
    }
}
