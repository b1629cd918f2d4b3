/// What the relay answered to a request (protocol sheet §3.2), as it was read from the stream.
package struct DownstreamAnswer: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case accepted(DownstreamAcceptance)
        case refused(DownstreamRefusal)
    }

    /// As the answer says it; nil: the relay could not tell what it answers to.
    package let messageID: String?
    /// Repeats the request's `to`.
    package let from: String?
    package let verdict: Verdict

    package init(messageID: String?, from: String?, _ verdict: Verdict) {
        self.messageID = messageID
        self.from = from
        self.verdict = verdict
    }
}

/// The relay has taken a message; it has not yet delivered it.
package struct DownstreamAcceptance: Hashable, Sendable {
    /// The token that the device has now: to be stored in place of the one that was used.
    package var canonicalToken: String?
    /// Members of a device group that the message will not reach.
    package var failedTokens: [String]

    package init(canonicalToken: String? = nil, failedTokens: [String] = []) {
        self.canonicalToken = canonicalToken
        self.failedTokens = failedTokens
    }
}

/// The relay has not taken a message.
package struct DownstreamRefusal: Hashable, Sendable {
    package let error: DownstreamError
    /// For people; may be empty.
    package let description: String
    package let failedTokens: [String]

    package init(_ error: DownstreamError, _ description: String, failedTokens: [String] = []) {
        self.error = error
        self.description = description
        self.failedTokens = failedTokens
    }
}
