package import MessageStore
import NIOCore
package import Nodes

extension RelayRuntime {
    /// Asks or orders something of the relay, on its event loop: it must not take long. Throws once
    /// the relay ends.
    package func withNode<Answer: Sendable>(
        _ work: @escaping @Sendable (RelayNode) -> Answer
    ) async throws -> Answer {
        try await onEventLoop { [node] in work(node.value) }
    }

    /// Looks something up in the store, between two batches. Throws once the relay ends.
    ///
    /// - Parameter look: the store answers it on its own thread; it must not take long.
    package func withStore<Answer: Sendable>(
        _ look: @escaping @Sendable (any BrowsableStore) throws -> Answer
    ) async throws -> Answer {
        guard let answer = try await worker.look(look) else { throw RelayEnded() }
        return answer
    }
}
