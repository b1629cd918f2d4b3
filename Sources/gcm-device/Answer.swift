import CloudMessaging
import Command
import GCMDevice
import Synchronization

/// The outcome of the one message that a command sends; what an earlier life left has others.
final class Answer: Sendable {
    private let id = Mutex<[UInt8]?>(nil)
    private let outcomes: AsyncStream<ExitStatus>
    private let outcome: AsyncStream<ExitStatus>.Continuation

    init() {
        (outcomes, outcome) = AsyncStream.makeStream()
    }

    /// Names the message; what is told before does not count.
    func expect(_ id: String) {
        self.id.withLock { $0 = Array(id.utf8) }
    }

    func note(_ event: AppEvent) {
        switch event {
        case .sent(let ids):
            for id in ids where isExpected(id) { outcome.yield(.done) }
        case .failed(let id, _):
            if isExpected(id) { outcome.yield(.failed) }
        case .accepted, .registered, .registrationRefused, .online, .offline: break
        }
    }

    /// Nil when none came in time.
    func wait(for timeout: Duration) async -> ExitStatus? {
        let clock = Task { [outcome] in
            try await Task.sleep(for: timeout)
            outcome.finish()
        }
        defer { clock.cancel() }
        for await status in outcomes { return status }
        return nil
    }

    private func isExpected(_ id: String) -> Bool {
        self.id.withLock { $0?.elementsEqual(id.utf8) ?? false }
    }
}
