import Dispatch
import Synchronization

/// What happened, in order; a test waits for what it expects instead of a time.
final class Diary<Entry: Sendable>: Sendable {
    private struct Waiter {
        let number: Int
        let isMet: @Sendable ([Entry]) -> Bool
        /// Given nil when the time is up.
        let continuation: CheckedContinuation<[Entry]?, Never>
    }

    private struct State {
        var entries: [Entry] = []
        var waiters: [Waiter] = []
        var lastWaiter = 0
    }

    private let state = Mutex(State())

    var entries: [Entry] { state.withLock(\.entries) }

    func write(_ entry: Entry) {
        let (met, entries) = state.withLock { state in
            state.entries.append(entry)
            let entries = state.entries
            let met = state.waiters.filter { $0.isMet(entries) }
            state.waiters.removeAll { waiter in met.contains { $0.number == waiter.number } }
            return (met, entries)
        }
        for waiter in met { waiter.continuation.resume(returning: entries) }
    }

    /// Returns all entries once they fulfil a condition.
    ///
    /// - Parameter what: names what is awaited, for the error when it does not come in time.
    @discardableResult
    func wait(
        for what: String, until isMet: @escaping @Sendable ([Entry]) -> Bool
    ) async throws -> [Entry] {
        let entries = await withCheckedContinuation { continuation in
            let met: [Entry]? = state.withLock { state in
                guard !isMet(state.entries) else { return state.entries }
                state.lastWaiter += 1
                let number = state.lastWaiter
                state.waiters.append(
                    Waiter(number: number, isMet: isMet, continuation: continuation))
                DispatchQueue.global().asyncAfter(deadline: .now() + NeverHappened.timeLimit) {
                    self.giveUp(number)
                }
                return nil
            }
            if let met { continuation.resume(returning: met) }
        }
        guard let entries else { throw NeverHappened(what: what, instead: "\(self.entries)") }
        return entries
    }

    private func giveUp(_ number: Int) {
        let waiter: Waiter? = state.withLock { state in
            guard let index = state.waiters.firstIndex(where: { $0.number == number })
            else { return nil }
            return state.waiters.remove(at: index)
        }
        waiter?.continuation.resume(returning: nil)
    }
}

/// What a test waited for did not come.
struct NeverHappened: Error, CustomStringConvertible {
    /// Seconds; far more than a loaded machine needs.
    static let timeLimit = 20.0

    let what: String
    let instead: String

    var description: String {
        "within \(Self.timeLimit) s there was no \(what); what there was: \(instead)"
    }
}
