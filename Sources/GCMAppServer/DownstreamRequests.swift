import AppServerMachine
import NetworkRuntime
import Synchronization

/// The calls of `send` that wait for their answers, from before the app server runs until it has
/// ended.
final class DownstreamRequests: Sendable {
    private enum State {
        /// The app server does not run yet: they are handed over when it does.
        case early([(message: OutgoingMessage, call: Call)])
        case running(AppServerRuntime)
        case ended
    }

    private let state = Mutex(State.early([]))

    /// From now on the messages go to the relay; first those that came before.
    func attach(_ runtime: AppServerRuntime) {
        state.withLock { state in
            guard case .early(let early) = state else { return }
            state = .running(runtime)
            for (message, call) in early { call.submit(message, to: runtime) }
        }
    }

    /// The app server has ended.
    func end() {
        state.withLock { state in
            if case .early(let early) = state {
                for (_, call) in early { call.finish(.notSent(.stopped)) }
            }
            state = .ended
        }
    }

    /// Sends a message; gives what became of it, or nil when the task was cancelled before.
    func send(_ message: OutgoingMessage) async -> DownstreamOutcome? {
        let call = Call()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard call.begin(continuation) else { return }
                submit(message, call)
            }
        } onCancel: {
            call.cancel()
        }
    }

    private func submit(_ message: OutgoingMessage, _ call: Call) {
        state.withLock { state in
            switch state {
            case .early(var early):
                guard early.count < AppServerSettings().waitingRequests else {
                    return call.finish(.notSent(.tooManyWaiting))
                }
                state = .ended
                early.append((message, call))
                state = .early(early)
            case .running(let runtime):
                call.submit(message, to: runtime)
            case .ended:
                call.finish(.notSent(.stopped))
            }
        }
    }
}

/// One call of `send`: its end and its cancellation may come at the same time.
private final class Call: Sendable {
    private struct State {
        var continuation: CheckedContinuation<DownstreamOutcome?, Never>?
        var isCancelled = false
        /// What to take back when the call is cancelled.
        var request: (runtime: AppServerRuntime, id: DownstreamRequestID)?
    }

    private let state = Mutex(State())

    /// Begins to wait; false: the task was cancelled before.
    func begin(_ continuation: CheckedContinuation<DownstreamOutcome?, Never>) -> Bool {
        let isCancelled = state.withLock { state in
            if !state.isCancelled { state.continuation = continuation }
            return state.isCancelled
        }
        if isCancelled { continuation.resume(returning: nil) }
        return !isCancelled
    }

    func submit(_ message: OutgoingMessage, to runtime: AppServerRuntime) {
        guard !state.withLock(\.isCancelled) else { return }
        let id = runtime.send(message) { [self] outcome in finish(outcome) }
        let isCancelled = state.withLock { state in
            if !state.isCancelled { state.request = (runtime, id) }
            return state.isCancelled
        }
        if isCancelled { runtime.abandon(id) }
    }

    func finish(_ outcome: DownstreamOutcome) {
        let continuation = state.withLock { state in
            state.request = nil
            return state.continuation.take()
        }
        continuation?.resume(returning: outcome)
    }

    func cancel() {
        let (continuation, request) = state.withLock { state in
            state.isCancelled = true
            return (state.continuation.take(), state.request.take())
        }
        if let request { request.runtime.abandon(request.id) }
        continuation?.resume(returning: nil)
    }
}
