import Foundation
import Synchronization

/// A value that one thread changes while tasks wait until it shows what they want.
package final class Watched<Value: Sendable>: Sendable {
    private struct State {
        var value: Value
        var waiters: [UInt64: Waiter] = [:]
        var nextWaiter: UInt64 = 0
    }

    private struct Waiter {
        /// Ends the wait if the value shows what is wanted.
        let look: (Value) -> Bool
        let give: (any Error) -> Void
    }

    private let state: Mutex<State>

    package init(_ value: Value) {
        state = Mutex(State(value: value))
    }

    package var value: Value { state.withLock { $0.value } }

    package func change<Result: Sendable>(_ body: (inout Value) -> Result) -> Result {
        state.withLock { state in
            let result = body(&state.value)
            let value = state.value
            state.waiters = state.waiters.filter { !$0.value.look(value) }
            return result
        }
    }

    /// Waits until `wanted` finds something in the value.
    ///
    /// Throws `TimeLimitPassed` after the limit, `CancellationError` when the task is cancelled.
    package func first<Result: Sendable>(
        within limit: Duration, _ wanted: @escaping @Sendable (Value) -> Result?
    ) async throws -> Result {
        let ticket = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                wait(ticket, continuation, wanted)
                DispatchQueue.global().asyncAfter(deadline: .now() + limit.inSeconds) {
                    self.giveUp(ticket, TimeLimitPassed())
                }
                if Task.isCancelled { giveUp(ticket, CancellationError()) }
            }
        } onCancel: {
            giveUp(ticket, CancellationError())
        }
    }

    private func wait<Result: Sendable>(
        _ ticket: UInt64, _ continuation: CheckedContinuation<Result, any Error>,
        _ wanted: @escaping @Sendable (Value) -> Result?
    ) {
        state.withLock { state in
            let look = { (value: Value) in
                guard let result = wanted(value) else { return false }
                continuation.resume(returning: result)
                return true
            }
            guard !look(state.value) else { return }
            state.waiters[ticket] = Waiter(look: look) { continuation.resume(throwing: $0) }
        }
    }

    private func giveUp(_ ticket: UInt64, _ error: any Error) {
        state.withLock { $0.waiters.removeValue(forKey: ticket) }?.give(error)
    }
}

/// What was waited for did not come in time.
package struct TimeLimitPassed: Error {}

extension Duration {
    var inSeconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
