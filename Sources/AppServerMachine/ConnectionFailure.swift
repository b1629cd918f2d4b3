/// Why an attempt to connect did not come up, in the driver's words.
package enum ConnectionFailure: Hashable, Sendable {
    /// Anything that may be better next time: nobody listens, TLS fails, the stream breaks.
    case unavailable(String)
    /// The relay said that this sender ID with this key may not log in (SASL `not-authorized`).
    /// Trying again with the same key is useless.
    case notAuthorized(String)
}
