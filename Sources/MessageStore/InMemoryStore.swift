package import CloudMessaging

/// A store in memory: for `--store :memory:`, for tests, and for the simulator, which decides when
/// a batch is executed and can have the power fail before.
package final class InMemoryStore: MessageStore {
    private(set) var tables = InMemoryTables()

    package init() {}

    /// When set, opening and every batch with changes fail with it: a full disk, on demand.
    package var failure: StoreFailure? {
        get { tables.failure }
        set { tables.failure = newValue }
    }

    package func open() throws(StoreFailure) -> StoreSnapshot { try tables.open() }

    package func execute(_ batch: StoreBatch) -> StoreResults { tables.execute(batch) }

    /// Whether an upstream message is stored.
    package func contains(_ key: MessageKey) -> Bool { tables.contains(key) }

    /// As `InMemoryTables.contains(_:)`.
    package func contains(_ message: DownstreamMessage) -> Bool? { tables.contains(message) }
}
