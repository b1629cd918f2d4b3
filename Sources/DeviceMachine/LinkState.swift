internal import CloudMessaging

/// Where the device stands on its way to the relay.
enum LinkState: Hashable {
    /// Nobody wants a link.
    case offline
    /// The last attempt failed; the next one comes at this time.
    case waiting(until: Instant)
    case connecting
    case checkingIn
    /// The identity must be durable before anything is sent under it: a device that forgot who it
    /// was would upload the same messages again as another, which the relay could not recognise.
    case storingIdentity
    /// Logging in and opening the stream.
    case authenticating
    /// Uploads may be written.
    case online
}

/// How a link ended that the device did not close itself.
package enum LinkLoss: Hashable, Sendable {
    /// It could not be opened, or broke.
    case dropped
    /// The relay closed it because the device logged in elsewhere.
    case replaced
}
