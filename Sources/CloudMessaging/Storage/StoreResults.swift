/// The answer to a batch.
package struct StoreResults: Hashable, Sendable {
    /// One for each lane read, in order; none at all when the questions were not answered.
    package var lanes: [[UpstreamMessage]] = []
    /// One for each device load, in order; nil: unknown device.
    package var devices: [DeviceRecord?] = []
    /// One for each token load, in order; nil: unknown token.
    package var tokens: [TokenRecord?] = []
    /// One for each mailbox read, in order.
    package var mailboxes: [MailboxContent] = []

    /// One for each deposit, in order; after `unknownOutcome`, what perhaps became of it.
    package var deposits: [DepositResult] = []
    /// One for each change of a group, in order; after `unknownOutcome` likewise.
    package var groupChanges: [GroupChangeResult] = []
    /// One for each deposit to an audience, in order; after `unknownOutcome` likewise.
    package var topicDeposits: [TopicDepositResult] = []
    /// Messages that expired, removed by this batch; after `unknownOutcome`, perhaps removed.
    package var expired: [ExpiredMessage] = []
    /// Expired ones that were removed with them, of which the store could not read more.
    package var expiredDamaged = 0
    /// Messages that expired in their mailboxes; after `unknownOutcome` likewise.
    package var expiredDeposits: [MailboxKey] = []
    /// The earliest expiry that is left, where the batch asked to expire; nil: none.
    package var nextExpiry: Instant?
    /// Rows that were met and set aside: of a question its message is left out, or its device or
    /// token unknown. The same row comes again whenever it is met.
    package var damagedRows: [DamagedRow] = []
    /// Why the changes were not made, or the questions not answered; nil: all is durable.
    package var failure: StoreFailure?

    package init() {}
}

/// A message that the store removed because its time to live was over.
package struct ExpiredMessage: Hashable, Sendable {
    package let key: MessageKey
    package let pair: MessagePair

    package init(key: MessageKey, pair: MessagePair) {
        self.key = key
        self.pair = pair
    }
}

/// What a store held when it was opened.
package struct StoreSnapshot: Sendable {
    /// How often this store was opened, counted from 1: seeds the randomness of this life.
    package var life: Int64
    /// Every number at least as high is free for a message.
    package var firstSequence: Int64
    /// Every number at least as high is free for a registration.
    package var firstRegistration: Int64
    /// In the order of their numbers, which count from 0.
    package var senders: [StoredSender]
    /// Upstream messages in the store.
    package var messageCount: Int
    package var nextExpiry: Instant?

    package init(
        life: Int64 = 1, firstSequence: Int64 = 1, firstRegistration: Int64 = 1,
        senders: [StoredSender] = [], messageCount: Int = 0, nextExpiry: Instant? = nil
    ) {
        self.life = life
        self.firstSequence = firstSequence
        self.firstRegistration = firstRegistration
        self.senders = senders
        self.messageCount = messageCount
        self.nextExpiry = nextExpiry
    }
}

/// Why a store did not do as asked; the caller repeats, which does no harm.
package struct StoreFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Kind: Hashable, Sendable {
        /// Nothing was changed: the disk is full, the file is locked or cannot be written.
        case unavailable
        /// Nothing was changed: the disk does not work, or what it holds is damaged.
        case broken
        /// The connection broke after the commit was sent: the changes may be durable.
        case unknownOutcome
    }

    package let kind: Kind
    /// What happened and what can be done, for the log.
    package let description: String

    package init(_ kind: Kind, _ description: String) {
        self.kind = kind
        self.description = description
    }
}
