import Command
import GCMAppServer

/// An app server that lives for one message.
struct OneMessage {
    private enum End: Sendable {
        case answered(DownstreamResult)
        case unreachable(String)
        case timeout
        /// A task that has nothing to tell.
        case nothing
    }

    let server: GCMAppServer

    /// Gives the answer, or nil when there is none in time; throws when there is no relay.
    func send(
        _ message: GCMAppServer.DownstreamMessage, within limit: Duration
    ) async throws -> DownstreamResult? {
        let running = Task { try await server.run() }
        let end = await firstEnd(message, limit)
        server.stop()
        // That the relay refused the login is said best by what `run` throws.
        if case .failure(let error as GCMAppServerError) = await running.result {
            throw CommandFailure(error)
        }
        switch end {
        case .answered(let result): return result
        case .unreachable(let reason):
            throw CommandFailure(
                .unavailable, reason, remedy: "is it running? --relay names another one")
        case .timeout, .nothing: return nil
        }
    }

    private func firstEnd(
        _ message: GCMAppServer.DownstreamMessage, _ limit: Duration
    ) async -> End {
        await withTaskGroup(of: End.self) { tasks in
            tasks.addTask { .answered(await server.answer(to: message)) }
            tasks.addTask { await failure() }
            tasks.addTask {
                try? await Task.sleep(for: limit)
                return .timeout
            }
            defer { tasks.cancelAll() }
            while let end = await tasks.next() {
                if case .nothing = end { continue }
                return end
            }
            return .nothing
        }
    }

    /// Waits for an attempt to connect that fails; once connected, the answer is what counts.
    private func failure() async -> End {
        for await event in server.events {
            if case .connected = event { break }
            if case .connectionFailed(_, let reason, _) = event { return .unreachable(reason) }
        }
        // Later events still have to be taken.
        for await _ in server.events {}
        return .nothing
    }
}
