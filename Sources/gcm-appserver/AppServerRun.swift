import CloudMessaging
import Command
import GCMAppServer
import Synchronization
import UnixSignals

/// One run of the program: prints what happens until the count is reached, a signal comes, or
/// nobody reads the output any more.
struct AppServerRun: ~Copyable {
    private let server: GCMAppServer
    private let count: Int?
    private let output = EventOutput()
    private var echoes: Echoes?
    private var talk = ConnectionTalk()
    private var hasReachedCount = false

    init(server: GCMAppServer, count: Int?, echoes: Bool) {
        self.server = server
        self.count = count
        if echoes { self.echoes = Echoes(server: server, output: output) }
    }

    consuming func outcome() async -> ExitStatus {
        let server = server
        let ending = EndingSignal()
        // Watched first: a signal that comes now must not end the process in its own way.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let watching = Task {
            for await signal in signals {
                ending.note(signal)
                server.stop()
            }
        }
        let running = Task { try await server.run() }
        for await batch in server.eventBatches {
            print(batch)
            await echoes?.answer(batch)
            if hasReachedCount { await echoes?.finish() }
            if hasReachedCount || output.isClosed { server.stop() }
        }
        await echoes?.finish()
        let result = await running.result
        watching.cancel()
        if case .failure(let error) = result {
            let failure =
                (error as? GCMAppServerError).map { CommandFailure($0) }
                ?? CommandFailure(.software, "\(error)")
            Talk.say(failure)
            return failure.status
        }
        if hasReachedCount { return .done }
        if let status = ending.status { return status }
        // The reader of the output left; without a count it has what it wanted.
        return count == nil ? .done : .failed
    }

    private mutating func print(_ batch: [GCMAppServer.Event]) {
        let now = Instant.now
        output.print(batch.compactMap { EventLine($0, at: now) })
        for event in batch {
            talk.note(event, at: now)
            if let count, case .acknowledged(_, _, let distinct) = event, distinct >= count {
                hasReachedCount = true
            }
        }
    }
}

/// The first signal that asked for the end.
private final class EndingSignal: Sendable {
    private let first = Mutex<ExitStatus?>(nil)

    var status: ExitStatus? { first.withLock { $0 } }

    func note(_ signal: UnixSignal) {
        first.withLock { first in
            first = first ?? (signal == .sigint ? .interrupted : .terminated)
        }
    }
}
