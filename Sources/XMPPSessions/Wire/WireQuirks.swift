package import CloudMessaging

/// The form of the app-server stream, where the sources of the protocol disagree or are silent: one
/// setting for each place. None of them changes what a stanza means; `condition` says which are taken.
///
/// As it stands: what the real service put on the wire (`Profile.observed`).
package struct WireQuirks: Sendable, Hashable {
    // MARK: Opening a stream (protocol sheet §1.3)

    /// What stands before the relay's stream header. The real service sent none, and two app
    /// servers fall over it on the second stream.
    package var xmlDeclaration = XMLDeclaration.absent

    package enum XMLDeclaration: String, Sendable, CaseIterable {
        case absent
        case sent
    }

    /// The prefix of the stream's features: `stream` in all logs, `str` in old documentation.
    package var featuresPrefix = FeaturesPrefix.stream

    package enum FeaturesPrefix: String, Sendable, CaseIterable {
        case stream
        case str
    }

    /// Whether the session request of RFC 3921 is offered. It is answered in any case.
    package var sessionFeature = SessionFeature.advertised

    package enum SessionFeature: String, Sendable, CaseIterable {
        case advertised
        case absent
    }

    /// What becomes of the resource that an app server proposes. Both were seen.
    package var resource = Resource.suffix

    package enum Resource: String, Sendable, CaseIterable {
        /// It gets eight hexadecimal digits behind it.
        case suffix
        case unchanged
    }

    // MARK: Refusals (protocol sheet §1.4, §1.6)

    /// What follows a refused login. No source says.
    package var afterLoginFailure = AfterLoginFailure.close

    package enum AfterLoginFailure: String, Sendable, CaseIterable {
        case close
        /// The app server may try again, a few times.
        case keepOpen = "keep-open"
    }

    /// How a connection beyond the sender's limit learns of it. No source says.
    package var overConnectionLimit = OverConnectionLimit.policyViolation

    package enum OverConnectionLimit: String, Sendable, CaseIterable {
        /// By a stream error.
        case policyViolation = "policy-violation"
        /// Not at all: the stream ends.
        case close
    }

    // MARK: Stanzas (protocol sheet §2.1, §3.2)

    /// `to`, `from` and `type="normal"` of upstream messages and receipts.
    package var messageAttributes = MessageAttributes.addressed

    package enum MessageAttributes: String, Sendable, CaseIterable {
        case addressed
        case bare
    }

    /// The stanza's `id`.
    package var stanzaID = StanzaID.messageID

    package enum StanzaID: String, Sendable, CaseIterable {
        /// The message ID on upstream messages and receipts, none on answers.
        case messageID = "message-id"
        /// `id=""` everywhere, as documented; real app servers fall over it.
        case empty
        case absent
    }

    /// The JSON of upstream messages.
    package var upstreamMembers = UpstreamMembers.observed

    package enum UpstreamMembers: String, Sendable, CaseIterable {
        /// `data`, `time_to_live`, `from`, `message_id`, `category`.
        case observed
        /// `category`, `data`, `message_id`, `from`: the documentation knows no `time_to_live`.
        case documented
    }

    /// The prefix of `<gcm/>` in answers and control messages.
    package var answerPrefix = AnswerPrefix.data

    package enum AnswerPrefix: String, Sendable, CaseIterable {
        /// `<data:gcm>`, as seen.
        case data
        /// `<gcm>`, as documented.
        case absent
    }

    /// The `error_description` of a NACK, which app servers must not rely on.
    package var errorDescription = ErrorDescription.text

    package enum ErrorDescription: String, Sendable, CaseIterable {
        case text
        case empty
    }

    // MARK: Requests (protocol sheet §3.1)

    /// How long a condition over topics may be. The documentation has both.
    package var condition = TopicCondition.Bound.fiveTopics

    package init() {}
}
