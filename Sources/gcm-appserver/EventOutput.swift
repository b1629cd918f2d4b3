import Command
import Synchronization

/// Standard output, shared by tasks that print lines of events.
final class EventOutput: Sendable {
    private let output = Mutex(StandardOutput())

    /// Nobody reads the output any more.
    var isClosed: Bool { output.withLock(\.isClosed) }

    /// Writes the lines together.
    func print(_ lines: [EventLine]) {
        output.withLock { output in
            for line in lines { output.append(line.finished()) }
            output.flush()
        }
    }
}
