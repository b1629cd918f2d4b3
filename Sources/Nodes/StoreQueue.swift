package import CloudMessaging

/// Where a relay's batches go: they are executed one after the other, elsewhere or later.
package protocol StoreQueue: AnyObject {
    /// Executes a batch.
    ///
    /// - Parameter completion: called once and never inside this call; never, if what executes has
    ///   ended.
    func execute(_ batch: StoreBatch, completion: @escaping (StoreResults) -> Void)
}

/// Where a device's outbox batches go, one at a time.
package protocol OutboxQueue: AnyObject {
    /// Executes a batch.
    ///
    /// - Parameter completion: called once and never inside this call, with nil when everything is
    ///   durable.
    func execute(_ batch: OutboxBatch, completion: @escaping (StoreFailure?) -> Void)
}
