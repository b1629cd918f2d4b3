import GCMDevice
import Synchronization

/// Counts the messages of an app until each has its outcome.
final class Outcomes: Sendable {
    private struct State {
        var unanswered: Int
        var refused = 0
        var isComplete = false
        var waiting: CheckedContinuation<Void, Never>?

        mutating func takeWaiting() -> CheckedContinuation<Void, Never>? {
            guard isComplete, unanswered <= 0 else { return nil }
            defer { waiting = nil }
            return waiting
        }
    }

    private let state: Mutex<State>

    /// - Parameter unfinished: messages of an earlier life that are without an outcome.
    init(unfinished: Int) {
        state = Mutex(State(unanswered: unfinished))
    }

    /// How many messages were refused or failed.
    var refused: Int { state.withLock(\.refused) }

    /// A message is handed to the library.
    func handOver() {
        state.withLock { $0.unanswered += 1 }
    }

    func note(_ event: AppEvent) {
        switch event {
        case .sent(let ids): change { $0.unanswered -= ids.count }
        case .failed: noteRefusal()
        case .accepted, .registered, .registrationRefused, .online, .offline: break
        }
    }

    func noteRefusal() {
        change { state in
            state.unanswered -= 1
            state.refused += 1
        }
    }

    /// Returns when no more messages come and each has its outcome; to be called once.
    func waitForAll() async {
        await withCheckedContinuation { continuation in
            change { state in
                state.isComplete = true
                state.waiting = continuation
            }
        }
    }

    private func change(_ change: (inout State) -> Void) {
        let waiting = state.withLock { state in
            change(&state)
            return state.takeWaiting()
        }
        waiting?.resume()
    }
}
