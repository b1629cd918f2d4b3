package import CloudMessaging

/// The seam under the relay: where messages, devices and registrations last.
///
/// Not `async`: a driver calls it on a thread of its own (or, in a simulation, when it likes) and
/// hands the results to the machine as an event. Windows, credits, timers and the ACK rule live
/// above the seam, once, for every store.
package protocol MessageStore: AnyObject {
    /// What a relay needs to know before it serves; begins a new life of the store.
    func open() throws(StoreFailure) -> StoreSnapshot

    /// Answers the batch's questions, then makes its changes durable in one transaction.
    ///
    /// The questions see the state before the changes. A change that is repeated after a failure
    /// does no harm: messages and registrations are known by their numbers. When changes fail none
    /// of them counts as made, though after `unknownOutcome` they may have been.
    func execute(_ batch: StoreBatch) -> StoreResults
}
