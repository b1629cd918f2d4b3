/// What a message has come to (contract: "States of a message").
package enum MessageState: String, Sendable, CaseIterable {
    /// Stored, and waiting for a connection, a slot or its turn.
    case queued
    /// Kept aside while an earlier message of the same token and ID is not done with.
    case held
    /// Written, and not acknowledged.
    case inFlight = "in-flight"
    /// Acknowledged by the one that it was for.
    case settled
    /// Its time to live ended before.
    case expired
    /// Given up: by `--redelivery never`, or dropped from a full mailbox.
    case discarded
}
