/// What must hold in every run, whatever goes wrong (docs/testing.md).
package enum Invariant: String, Sendable, CaseIterable {
    /// What the relay called sent is stored until it is settled, expired or discarded.
    case nothingSentIsLost = "nothing-sent-is-lost"
    /// A device is told *sent* of a message only once the relay has it on disk.
    case sentMeansStored = "sent-means-stored"
    /// What was settled is not sent again; settles that no commit covered when the relay died may
    /// be forgotten.
    case settledStaysSettled = "settled-stays-settled"
    /// An ACK settles only what its connection carried.
    case ackSettlesOnlyWhatWasCarried = "ack-settles-only-what-was-carried"
    /// Two messages with the same token and message ID are never in flight together.
    case onePairInFlight = "one-pair-in-flight"
    /// A connection carries no more messages without an ACK than it may.
    case unackedWindow = "unacked-window"
    /// An app has no more messages pending than it may.
    case pendingLimit = "pending-limit"
    /// A message has at most one final outcome in a life of its device, and in the end exactly one.
    case oneOutcome = "one-outcome"
    /// The messages of a device are first written in their order, those that were held excepted.
    case firstWritesInOrder = "first-writes-in-order"
    /// An upload becomes one message, however often it comes.
    case storedOnce = "stored-once"
    /// Messages go to connections that are there.
    case onlyToLiveConnections = "only-to-live-connections"
    /// An attempt has the number that follows that of the last one in this life of the relay.
    case attemptsAreCounted = "attempts-are-counted"
    /// A message without an ACK is sent again when its redelivery mode says so, and not before.
    case redeliveryAsSet = "redelivery-as-set"
    /// What is settled leaves the store.
    case settledLeavesTheStore = "settled-leaves-the-store"
    /// What lies in a mailbox stays there until it is delivered, expired or displaced.
    case depositsLast = "deposits-last"
    /// What a device acknowledged is not delivered again; acknowledgements that no commit covered
    /// when the relay died may be forgotten.
    case deliveredStaysDelivered = "delivered-stays-delivered"
    /// A device has no more deliveries to acknowledge than it may.
    case deliveryWindow = "delivery-window"
    /// A mailbox has no more collapse keys and messages than it may, and one message for each key.
    case mailboxLimits = "mailbox-limits"
    /// Each delivery whose sender wants one has its receipt.
    case everyReceipt = "every-receipt"
    /// The relay keeps no more in memory than its bounds allow, and nothing that nobody needs.
    case memoryBounded = "memory-bounded"
    /// What is unsettled and not over is delivered once everything works again.
    case everythingArrives = "everything-arrives"
}

/// An invariant that does not hold, and where it was seen.
package struct Violation: Error, Sendable, CustomStringConvertible {
    package let invariant: Invariant
    /// What was seen, as a sentence.
    package let finding: String
    /// The event of the journal at which it was seen; 0: none.
    package let event: UInt64

    package init(invariant: Invariant, finding: String, event: UInt64) {
        self.invariant = invariant
        self.finding = finding
        self.event = event
    }

    package var description: String {
        "\(invariant.rawValue): \(finding)" + (event > 0 ? " (event \(event))" : "")
    }
}
