import Foundation
import Synchronization

/// The processes that a command is and has started, as far as they stay together.
final class ProcessGroup: Sendable {
    private enum State {
        /// Signals that came before there was anybody to send them to.
        case starting([Int32])
        case running(pid_t)
    }

    /// How long those that are left may take to end before they are killed.
    private static let grace = Duration.seconds(2)

    private let state = Mutex(State.starting([]))

    /// The first of them runs; the group has its number.
    func began(_ pid: pid_t) {
        state.withLock { state in
            if case .starting(let signals) = state {
                for signal in signals { kill(-pid, signal) }
            }
            state = .running(pid)
        }
    }

    func send(_ signal: Int32) {
        state.withLock { state in
            switch state {
            case .starting(let signals): state = .starting(signals + [signal])
            case .running(let pid): kill(-pid, signal)
            }
        }
    }

    /// Ends what the first of them has left behind.
    func endWhatIsLeft() async {
        guard case .running(let pid) = state.withLock({ $0 }) else { return }
        for (signal, grace) in [(SIGTERM, Self.grace), (SIGKILL, .seconds(1))] {
            guard kill(-pid, signal) == 0 else { return }
            let deadline = ContinuousClock.now + grace
            while kill(-pid, 0) == 0, ContinuousClock.now < deadline {
                // They are nobody's children here: nothing tells when they have ended.
                try? await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
