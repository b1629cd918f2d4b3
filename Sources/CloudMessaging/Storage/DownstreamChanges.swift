/// What a batch changes in mailboxes and subscriptions, in this order.
package struct DownstreamChanges: Hashable, Sendable {
    /// Before the deposits: a batch that is repeated then reaches the same registrations. Those of
    /// a registration that is unknown or not active are passed over.
    package var subscriptions: [TopicSubscription] = []
    /// Before the deposits, in this order.
    package var groupChanges: [GroupChange] = []
    /// Messages to be put into the mailbox of their addressee; one that is there already stays as it
    /// is. In the order of their sequences; together with `topicDeposits` they are made in that
    /// order.
    ///
    /// With a collapse key a message takes the place of earlier ones of that key; of five different
    /// keys the oldest message goes. Without, it is one of at most `Limits.messagesPerMailbox`; the
    /// next one drops all of them, itself included, and adds them to the mailbox's deletion notice.
    package var deposits: [DownstreamMessage] = []
    /// In the order of their sequences.
    package var topicDeposits: [TopicDeposit] = []
    /// By `Registration.number`: messages of the mailbox up to this sequence are on the wire, or were
    /// a moment ago. Deposits neither count nor replace nor drop them.
    package var onWire: [Int64: Int64] = [:]
    /// Delivered and discarded messages; unknown keys are no error.
    package var removals: [MailboxKey] = []
    /// Notices that reached their app; one that is told twice counts once.
    package var deletionsTold: [DeletionNotice] = []

    package init() {}

    package var isEmpty: Bool {
        subscriptions.isEmpty && groupChanges.isEmpty && deposits.isEmpty && topicDeposits.isEmpty
            && removals.isEmpty
            && deletionsTold.isEmpty
    }

    package var hasDeposits: Bool { !deposits.isEmpty || !topicDeposits.isEmpty }

    /// Hands over the deposits of both kinds in the order of their sequences.
    ///
    /// The order matters: an overflow drops, and counts, what came before it.
    package func forEachDeposit(
        toOne: (DownstreamMessage) throws -> Void, toTopics: (TopicDeposit) throws -> Void
    ) rethrows {
        var topicDeposits = topicDeposits[...]
        for message in deposits {
            while let earlier = topicDeposits.first, earlier.sequence < message.key.sequence {
                try toTopics(earlier)
                topicDeposits.removeFirst()
            }
            try toOne(message)
        }
        try topicDeposits.forEach(toTopics)
    }

    /// The highest sequence that a deposit uses.
    package var lastSequence: Int64? {
        [deposits.last?.key.sequence, topicDeposits.last?.sequence].lazy
            .compactMap(\.self).max()
    }
}

/// Whom a message is for, where the store finds out.
package enum Audience: Hashable, Sendable {
    /// The active registrations of the sender for which the condition is true.
    case subscribers(TopicCondition)
    /// The active members of the group with this key, but one (`Registration.number`). Those that
    /// are throttled get nothing, and are named like those that are not active.
    case group(RegistrationToken, except: Int64? = nil, throttled: [Int64] = [])
}

/// Put a message into the mailboxes of an audience, under one sequence and by the rules of
/// `DownstreamChanges.deposits`.
package struct TopicDeposit: Hashable, Sendable {
    package let audience: Audience
    package let sequence: Int64
    package let template: DownstreamTemplate
    /// Whether the audience is only looked for, and nothing is put in.
    package let isDryRun: Bool

    package init(condition: TopicCondition, sequence: Int64, template: DownstreamTemplate) {
        self.init(.subscribers(condition), sequence: sequence, template: template)
    }

    package init(
        _ audience: Audience, sequence: Int64, template: DownstreamTemplate, isDryRun: Bool = false
    ) {
        self.isDryRun = isDryRun
        self.audience = audience
        self.sequence = sequence
        self.template = template
    }
}

/// Whether an app on a device gets messages to a topic, from now on.
package struct TopicSubscription: Hashable, Sendable {
    /// Identified by its bytes.
    package let topic: String
    /// `Registration.number`
    package let registration: Int64
    package let isSubscribed: Bool

    package init(topic: String, registration: Int64, isSubscribed: Bool) {
        self.topic = topic
        self.registration = registration
        self.isSubscribed = isSubscribed
    }
}
