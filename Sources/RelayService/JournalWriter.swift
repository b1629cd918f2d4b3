import Journal
import Logging
import NIOPosix
import NetworkRuntime
import Synchronization

/// Writes a relay's journal to a file, behind the relay and never in its way.
///
/// It reads what the ring has and writes that, batch by batch, on a thread for files. While the file
/// takes nothing the relay goes on, and the ring is the buffer: what it overwrites meanwhile is
/// missing in the file, and the log says how much.
final class JournalWriter: Sendable {
    private let file: LineFile
    private let runtime: RelayRuntime
    private let logger: Logger
    private let task = Mutex<Task<Void, Never>?>(nil)
    private let isEnding = Mutex(false)

    /// Events of one batch.
    private static let pageSize = 2_048
    /// A second, in pieces: the relay's end does not wait for it.
    private static let pauses = Array(repeating: Duration.milliseconds(50), count: 20)

    init(file: LineFile, runtime: RelayRuntime, logger: Logger) {
        self.file = file
        self.runtime = runtime
        self.logger = logger
    }

    func start() {
        task.withLock { $0 = Task { await run() } }
    }

    /// Returns when everything that happened is written, or cannot be.
    func finish() async {
        isEnding.withLock { $0 = true }
        await task.withLock { $0 }?.value
    }

    private var isAtEnd: Bool { isEnding.withLock { $0 } }

    private func run() async {
        var last: UInt64 = 0
        var failure: LineFileError?
        while true {
            let isLastRound = isAtEnd
            let after = last
            guard
                let page = try? await runtime.journal({
                    $0.events(after: after, limit: Self.pageSize)
                })
            else { return }
            guard let newest = page.events.last?.number else {
                if isLastRound { return }
                try? await runtime.journalGrows(after: after, within: .seconds(60))
                continue
            }
            if page.hasGap, let first = page.events.first?.number { noteGap(last + 1..<first) }
            do {
                try await write(page.events)
                if failure != nil { noteRecovery() }
                failure = nil
                last = newest
            } catch {
                if failure == nil { note(error) }
                failure = error
                if isLastRound { return }
                await pause()
            }
        }
    }

    private func pause() async {
        for pause in Self.pauses where !isAtEnd { try? await Task.sleep(for: pause) }
    }

    private func write(_ events: [JournalEvent]) async throws(LineFileError) {
        let file = file
        let outcome = try? await NIOThreadPool.singleton.runIfActive {
            () -> Result<Void, LineFileError> in
            var lines: [UInt8] = []
            lines.reserveCapacity(events.count * 256)
            for event in events { event.appendLine(to: &lines) }
            do throws(LineFileError) {
                return .success(try file.append(lines))
            } catch {
                return .failure(error)
            }
        }
        try outcome?.get()
    }

    // MARK: What the log is told

    private func note(_ error: LineFileError) {
        logger.error(
            "the journal's file: \(error); the relay goes on, and so will the file once it takes more",
            metadata: ["event": "journal.failed"])
    }

    private func noteRecovery() {
        logger.notice(
            "the journal's file takes lines again", metadata: ["event": "journal.recovered"])
    }

    private func noteGap(_ missing: Range<UInt64>) {
        logger.warning(
            """
            the journal's file lacks events \(missing.lowerBound) to \(missing.upperBound - 1): it \
            was slower than the relay; a larger --journal-limit bridges more
            """,
            metadata: ["event": "journal.gap"])
    }
}
