import Synchronization

/// What happened, in order; a test waits for what it expects instead of a time.
final class Diary<Entry: Sendable>: Sendable {
    private struct Waiter {
        let number: Int
        let isMet: @Sendable ([Entry]) -> Bool
        let continuation: CheckedContinuation<[Entry], Never>
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

    /// Returns all entries once they fulfil a condition, or when the test has run out of time.
    @discardableResult
    func wait(until isMet: @escaping @Sendable ([Entry]) -> Bool) async -> [Entry] {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = Task.isCancelled
                let entries: [Entry]? = state.withLock { state in
                    guard !isCancelled, !isMet(state.entries) else { return state.entries }
                    state.waiters.append(
                        Waiter(number: number, isMet: isMet, continuation: continuation))
                    return nil
                }
                if let entries { continuation.resume(returning: entries) }
            }
        } onCancel: {
            resume { _ in { $0.number == number } }
        }
    }

    @discardableResult
    func wait(count: Int) async -> [Entry] {
        await wait { $0.count >= count }
    }

    private func resume(_ change: (inout State) -> (Waiter) -> Bool) {
        let (ended, entries) = state.withLock { state in
            let isEnded = change(&state)
            let ended = state.waiters.filter(isEnded)
            state.waiters.removeAll(where: isEnded)
            return (ended, state.entries)
        }
        for waiter in ended { waiter.continuation.resume(returning: entries) }
    }
}

extension Diary where Entry: Equatable {
    @discardableResult
    func wait(for entry: Entry) async -> [Entry] {
        await wait { $0.contains(entry) }
    }
}
