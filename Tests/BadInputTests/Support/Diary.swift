import NIOCore
import NIOPosix
import Synchronization

/// What happened, in order. A test waits for what it expects, never for a time; a limit keeps it
/// from waiting for ever.
final class Diary<Entry: Sendable>: Sendable {
    private struct Waiter {
        let number: Int
        let isMet: @Sendable ([Entry]) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var entries: [Entry] = []
        var waiters: [Waiter] = []
        var lastNumber = 0
    }

    private let state = Mutex(State())

    var entries: [Entry] { state.withLock(\.entries) }

    func write(_ entry: Entry) {
        resume { state in
            state.entries.append(entry)
            let entries = state.entries
            return { $0.isMet(entries) }
        }
    }

    /// Returns all entries once they fulfil a condition.
    ///
    /// - Throws: `Missed` when they do not within the limit.
    @discardableResult
    func wait(
        for what: String, within limit: TimeAmount = Limit.answer,
        until isMet: @escaping @Sendable ([Entry]) -> Bool
    ) async throws -> [Entry] {
        let watch = Task { await wait(until: isMet) }
        let alarm = MultiThreadedEventLoopGroup.singleton.next().scheduleTask(in: limit) {
            watch.cancel()
        }
        await watch.value
        alarm.cancel()
        let entries = entries
        guard isMet(entries) else { throw Missed(what: what, seen: "\(entries)") }
        return entries
    }

    private func wait(until isMet: @escaping @Sendable ([Entry]) -> Bool) async {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = Task.isCancelled
                let isOver = state.withLock { state in
                    guard !isCancelled, !isMet(state.entries) else { return true }
                    state.waiters.append(
                        Waiter(number: number, isMet: isMet, continuation: continuation))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            resume { _ in { $0.number == number } }
        }
    }

    private func resume(_ change: (inout State) -> (Waiter) -> Bool) {
        let ended = state.withLock { state in
            let isEnded = change(&state)
            let ended = state.waiters.filter(isEnded)
            state.waiters.removeAll(where: isEnded)
            return ended
        }
        for waiter in ended { waiter.continuation.resume() }
    }
}

/// How long a test waits for what must come; only a failing test waits so long.
enum Limit {
    static let answer = TimeAmount.seconds(10)
}

/// What a test expected and did not get.
struct Missed: Error, CustomStringConvertible {
    let what: String
    let seen: String

    var description: String { "\(what) did not come; there was \(seen)" }
}
