/// Why a relay refuses a downstream message (protocol sheet §3.3).
package struct DownstreamError: Hashable, Sendable {
    /// What the documentation wants to be done about it.
    package enum Remedy: Hashable, Sendable {
        /// Change something first: the same again would fail again.
        case change
        /// Send it again on the same connection, with growing pauses.
        case backOff
        /// Send it again at once, on another connection.
        case anotherConnection
    }

    package let name: String
    package let remedy: Remedy

    /// As a NACK names it. A name that is not documented is treated as `INTERNAL_SERVER_ERROR`, as
    /// the documentation demands.
    package init(nack name: String) {
        self.name = name
        remedy =
            switch name {
            case "INVALID_JSON", "BAD_REGISTRATION", "DEVICE_UNREGISTERED", "BAD_ACK",
                "DEVICE_MESSAGE_RATE_EXCEEDED", "TOPICS_MESSAGE_RATE_EXCEEDED",
                "SENDER_ID_MISMATCH", "INVALID_APNS_CREDENTIAL", "QUOTA_EXCEEDED",
                "AUTHENTICATION_FAILED", "INVALID_TTL", "JSON_TYPE_ERROR", "JSON_PARSING_ERROR":
                .change
            case "CONNECTION_DRAINING":
                .anotherConnection
            default:
                .backOff
            }
    }

    /// An error that no pause cures, whatever its name.
    package init(final name: String) {
        self.name = name
        remedy = .change
    }
}
