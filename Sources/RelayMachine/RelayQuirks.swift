package import CloudMessaging

/// What the relay does where the sources of the protocol disagree or are silent: one setting for
/// each place. How it looks on the wire is not among them.
package struct RelayQuirks: Sendable, Hashable {
    /// What an ACK gets that settles nothing (protocol sheet §2.3): wrong connection, unknown or
    /// repeated.
    package var unknownACK = UnknownACK.error

    package enum UnknownACK: String, Sendable, CaseIterable {
        /// Stanza error 406.
        case error
        /// Silence.
        case ignore
    }

    /// What a sender gets that has too many requests without an answer (§3.4). No source says.
    package var requestsPastLimit = RequestsPastLimit.hold

    package enum RequestsPastLimit: String, Sendable, CaseIterable {
        /// Its connection is not read until some are answered.
        case hold
        /// The NACK `SERVICE_UNAVAILABLE`.
        case nack
    }

    /// How an app server learns that its connection is drained (§3.6). All were seen.
    package var draining = Draining.announced

    package enum Draining: String, Sendable, CaseIterable {
        /// By the control message, and by NACKs of what it still sends.
        case announced
        /// Only by NACKs.
        case nackOnly = "nack-only"
        /// Not before the stream ends; requests are taken until then.
        case silent
    }

    /// A connection of an app server that sent nothing for so long, not a blank, is closed (§1.7);
    /// nil: never.
    package var idleTimeout: Duration?

    /// A connection that was bound for so long is drained (§1.8, R29); nil: never.
    package var sessionMaxAge: Duration?

    /// Messages to one registration; more get `DEVICE_MESSAGE_RATE_EXCEEDED` (§3.3). Time to live 0
    /// is never throttled (§3.4).
    package var deviceRate: Rate?

    /// Messages of a sender to one topic or condition; more get `TOPICS_MESSAGE_RATE_EXCEEDED`.
    package var topicRate: Rate?

    /// Whether the sender's project has what Apple's push service asks for (§3.3).
    package var apnsCredential = APNSCredential.present

    package enum APNSCredential: String, Sendable, CaseIterable {
        case present
        /// Requests that need that service get `INVALID_APNS_CREDENTIAL`: those to a token with
        /// `content_available` or `mutable_content`, as nobody else knows what to do with these.
        case missing
    }

    package init() {}
}
