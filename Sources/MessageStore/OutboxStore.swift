package import CloudMessaging

/// The seam under the device library: who the device is and what its apps have pending.
///
/// Same shape as `MessageStore`: a batch in, its results out, durable when it returns.
package protocol OutboxStore: AnyObject {
    /// Everything the device kept from its last life.
    func open() throws(StoreFailure) -> OutboxSnapshot

    /// Makes all changes durable in one transaction; nil when done, else why none was made.
    func execute(_ batch: OutboxBatch) -> StoreFailure?
}
