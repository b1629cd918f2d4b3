/// What the relay wants of its store at one time; one is under way at once.
package struct StoreBatch: Hashable, Sendable {
    // MARK: Questions

    package var laneReads: [LaneRead] = []
    package var deviceLoads: [DeviceID] = []
    package var tokenLoads: [RegistrationToken] = []
    package var mailboxReads: [MailboxRead] = []

    // MARK: Changes, made in this order

    package var newSenders: [StoredSender] = []
    /// A device that is known keeps its secret and its recent uploads.
    package var newDevices: [DeviceRecord] = []
    /// A registration whose number is known replaces the earlier one, for stored messages too. One
    /// that is not active loses its mailbox and its subscriptions.
    package var registrations: [Registration] = []
    package var supersededTokens: [SupersededToken] = []
    /// A message whose key is known stays as it is.
    package var messages: [UpstreamMessage] = []
    /// The recent uploads of each device with messages in this batch.
    package var recentUploads: [RecentUploads] = []
    /// Settled and discarded messages; unknown keys are no error.
    package var removals: [MessageKey] = []
    /// Mailboxes and subscriptions.
    package var downstream = DownstreamChanges()
    /// Expire messages whose time was over at this instant, at most `Limits.expiryBatch`: upstream
    /// messages, then messages in mailboxes.
    package var expireBefore: Instant?
    /// Raise `StoreSnapshot.firstSequence` of the next life to this. Every life has
    /// `Limits.sequencesReserved` sequences without asking.
    package var sequenceCeiling: Int64?

    package init() {}

    /// Whether the batch asks and changes nothing.
    package var isEmpty: Bool {
        !hasQuestions && !hasChanges
    }

    /// Whether something is to be read.
    package var hasQuestions: Bool {
        !(laneReads.isEmpty && deviceLoads.isEmpty && tokenLoads.isEmpty && mailboxReads.isEmpty)
    }

    /// Whether a transaction is needed.
    package var hasChanges: Bool {
        !(newSenders.isEmpty && newDevices.isEmpty && registrations.isEmpty
            && supersededTokens.isEmpty && messages.isEmpty && recentUploads.isEmpty
            && removals.isEmpty && downstream.isEmpty && expireBefore == nil
            && sequenceCeiling == nil)
    }
}

/// Read a lane in order.
package struct LaneRead: Hashable, Sendable {
    package let lane: LaneID
    /// Only later messages than this one.
    package let after: MessageKey
    /// Only messages up to this one; nil: to the end.
    package let through: MessageKey?
    /// At most so many.
    package let limit: Int

    package init(lane: LaneID, after: MessageKey, through: MessageKey?, limit: Int) {
        self.lane = lane
        self.after = after
        self.through = through
        self.limit = limit
    }
}

/// A sender ID and its number.
package struct StoredSender: Hashable, Sendable {
    package let number: SenderNumber
    package let id: SenderID

    package init(number: SenderNumber, id: SenderID) {
        self.number = number
        self.id = id
    }
}

/// The recent uploads of a device after a batch, oldest first, at most 64.
package struct RecentUploads: Hashable, Sendable {
    package let device: DeviceID
    package let uploads: [UploadID]

    package init(device: DeviceID, uploads: [UploadID]) {
        self.device = device
        self.uploads = uploads
    }
}
