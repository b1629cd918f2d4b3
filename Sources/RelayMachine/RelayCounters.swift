/// What the relay counted in this life; tests rely on them (contract: `/metrics`).
package struct RelayCounters: Hashable, Sendable {
    /// Uploads that became messages.
    package var accepted = 0
    /// Uploads that were known already.
    package var duplicates = 0
    /// Uploads that got an error.
    package var refused = 0
    /// Transmissions to app servers.
    package var attempts = 0
    /// Transmissions beyond a message's first in this life.
    package var redeliveries = 0
    /// Messages that an app server ACKed.
    package var settled = 0
    /// Messages whose time to live ended, TTL 0 without a free slot included.
    package var expired = 0
    /// Messages given up by `--redelivery never`.
    package var discarded = 0
    /// ACKs that settled nothing because the connection had not carried the message.
    package var rejectedAcknowledgements = 0
    /// Batches that the store made durable, and the messages in them.
    package var commits = 0
    package var committedMessages = 0
    /// Messages that have no final state yet, in flight or not.
    package var live = 0
    /// Of those, the ones on the wire.
    package var inFlight = 0

    // MARK: Downstream

    /// Requests of app servers, and how they were answered.
    package var requests = 0
    package var acceptedRequests = 0
    package var nacks = 0
    /// Messages and notices written to devices, and messages that devices acknowledged.
    package var deliveries = 0
    package var delivered = 0
    /// Receipts for app servers.
    package var receipts = 0
    /// Messages to devices whose time to live ended, TTL 0 without a device among them.
    package var deliveriesExpired = 0
    /// Messages to devices that went with a mailbox that was full.
    package var deliveriesDropped = 0

    package init() {}

    /// Messages waiting for a connection, a slot or their turn.
    package var queued: Int { live - inFlight }
}
