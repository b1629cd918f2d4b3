import CloudMessaging

/// The relay's one line to its store: at most one batch is under way, the next one gathers.
///
/// Whatever gathers while a commit runs becomes the next batch, so batches grow with the load and
/// no timer is needed. Removals alone, up or down, are in no hurry: they ride with the next insert or wait for
/// `removalDelay` (design decision 3).
struct StorePipeline: Hashable {
    /// A batch and what to do when it is durable.
    struct Entry: Hashable {
        let number: Int
        var batch = StoreBatch()
        /// Who sent each message of the batch, in the same order.
        var uploads: [UploadOrigin] = []
        /// Repeats of uploads that are in this batch: answered with it.
        var repeats: [StreamTicket] = []
        var checkIns: [PendingCheckIn] = []
        var registrations: [PendingRegistration] = []
        var questions = Questions()
        /// Who waits for each deposit of the batch, in the same order.
        var deposits: [PendingRequest] = []
        var topicDeposits: [FanOutOrigin] = []
        var groupChanges: [PendingGroupChange] = []
        /// What expired in attempts of the batch whose outcome is unknown.
        var expired: Set<MessageKey> = []
        /// Whether an attempt of the batch may be durable, though its answer never came.
        var mayBeStored = false
    }

    /// Who asked the questions of a batch, in the same order.
    struct Questions: Hashable {
        var reads: [WantedRead] = []
        var logins: [PendingLogin] = []
        var tokens: [RegistrationToken] = []
        var mailboxes: [WantedMailbox] = []

        static func += (left: inout Questions, right: Questions) {
            left.reads += right.reads
            left.logins += right.logins
            left.tokens += right.tokens
            left.mailboxes += right.mailboxes
        }
    }

    static let removalDelay = Duration.milliseconds(50)
    static let firstRepeatDelay = Duration.milliseconds(100)
    static let longestRepeatDelay = Duration.seconds(5)

    private(set) var underWay: Entry?
    var next = Entry(number: 1)
    /// When gathered removals are submitted by themselves.
    private var removalsDue: Instant?
    /// When a failed batch is tried again; the failed batch is `underWay`.
    private var repeatAt: Instant?
    private var repeatDelay = StorePipeline.firstRepeatDelay
    private(set) var failure: StoreFailure?
    /// Whether the store is deciding at this moment what becomes of mailboxes.
    private(set) var isDepositing = false
    /// Whether the questions of the next batch went ahead of it: those about mailboxes do before
    /// deposits, so that what can go on the wire is there, and not in their way. Once for a batch, or
    /// there would always be another question.
    private var hasAskedFirst = false

    /// Messages to app servers that are not durable yet.
    var waitingUploads: Int {
        next.batch.messages.count + (underWay?.batch.messages.count ?? 0)
    }

    /// What devices confirmed and the store may not know yet.
    var confirmedDeliveries: ConfirmedDeliveries {
        ConfirmedDeliveries([underWay?.batch.downstream, next.batch.downstream].compactMap(\.self))
    }

    var nextDeadline: Instant {
        if underWay != nil { return repeatAt ?? .never }
        return removalsDue ?? .never
    }

    var isIdle: Bool { underWay == nil && next.batch.isEmpty }

    mutating func remove(_ keys: [MessageKey], now: Instant) {
        guard !keys.isEmpty else { return }
        next.batch.removals += keys
        removalsDue = removalsDue ?? now + Self.removalDelay
    }

    /// A device has a message: that may wait for company like a settle.
    mutating func remove(_ key: MailboxKey, now: Instant) {
        next.batch.downstream.removals.append(key)
        removalsDue = removalsDue ?? now + Self.removalDelay
    }

    /// An app was told of deletions.
    mutating func tell(_ notice: DeletionNotice, now: Instant) {
        next.batch.downstream.deletionsTold.append(notice)
        removalsDue = removalsDue ?? now + Self.removalDelay
    }

    /// The batch to hand to the store now, if any.
    mutating func take(now: Instant, flushRemovals: Bool) -> StoreBatch? {
        if underWay != nil {
            guard let repeatAt, repeatAt <= now else { return nil }
            self.repeatAt = nil
            moveQuestionsForward()
            isDepositing = underWay?.batch.downstream.hasDeposits ?? false
            return underWay?.batch
        }
        guard !next.batch.isEmpty else { return nil }
        guard flushRemovals || next.batch.isUrgent || (removalsDue ?? .never) <= now
        else { return nil }
        if next.batch.downstream.hasDeposits, !next.batch.mailboxReads.isEmpty, !hasAskedFirst {
            hasAskedFirst = true
            underWay = takeQuestionsOfNext()
            return underWay?.batch
        }
        hasAskedFirst = false
        let entry = next
        isDepositing = entry.batch.downstream.hasDeposits
        underWay = entry
        next = Entry(number: entry.number + 1)
        removalsDue = nil
        return entry.batch
    }

    /// A batch of questions alone. Its number is no other batch's: nothing is stored with it.
    private mutating func takeQuestionsOfNext() -> Entry {
        var entry = Entry(number: 0)
        entry.questions = next.questions
        entry.batch.appendQuestions(of: next.batch)
        next.questions = Questions()
        next.batch.removeQuestions()
        return entry
    }

    /// The batch under way is durable.
    mutating func completed() -> Entry? {
        defer { underWay = nil }
        isDepositing = false
        failure = nil
        repeatDelay = Self.firstRepeatDelay
        return underWay
    }

    /// The batch under way failed; it is repeated after a while, with nothing overtaking it.
    mutating func failed(_ failure: StoreFailure, now: Instant) {
        self.failure = failure
        isDepositing = false
        if failure.kind == .unknownOutcome { underWay?.mayBeStored = true }
        repeatAt = now + repeatDelay
        repeatDelay = min(repeatDelay.scaled(by: 2), Self.longestRepeatDelay)
    }

    /// What expired in a failed attempt of the batch under way and in none before; messages of the
    /// batch itself are left to the attempt that stores them.
    mutating func newlyExpired(in results: StoreResults) -> [ExpiredMessage] {
        guard !results.expired.isEmpty, let entry = underWay else { return [] }
        let own = Set(entry.batch.messages.map(\.key))
        let expired = results.expired.filter {
            !own.contains($0.key) && !entry.expired.contains($0.key)
        }
        underWay?.expired.formUnion(expired.map(\.key))
        return expired
    }

    /// Takes out the requests that are surely not stored: their senders send them again, and waiting
    /// for the store could take forever.
    ///
    /// A batch that may be durable keeps its requests: its repetition says what became of them, and
    /// to refuse them could make two messages of one.
    mutating func withdrawRequests() -> [PendingRequest] {
        var withdrawn: [PendingRequest] = []
        if underWay?.mayBeStored == false {
            withdrawn += underWay?.withdrawRequests() ?? []
        }
        return withdrawn + next.withdrawRequests()
    }

    /// Whether the failed batch has nothing to store any more: it would succeed and say nothing.
    var needsProbe: Bool { underWay?.batch.hasChanges == false }

    /// Gives the failed batch something to store.
    mutating func probe(withSequenceCeiling ceiling: Int64) {
        underWay?.batch.sequenceCeiling = ceiling
    }

    /// Takes out the tokens that the batch under way asked for in vain.
    mutating func withdrawTokens() -> [RegistrationToken] {
        defer {
            underWay?.questions.tokens = []
            underWay?.batch.tokenLoads = []
        }
        return underWay?.questions.tokens ?? []
    }

    /// The questions of the batch under way were answered, whatever became of its changes.
    mutating func takeQuestions() -> Questions {
        guard let questions = underWay?.questions else { return Questions() }
        underWay?.questions = Questions()
        underWay?.batch.removeQuestions()
        return questions
    }

    /// Questions need no room on the disk: they do not wait for a batch that finds none.
    private mutating func moveQuestionsForward() {
        underWay?.questions += next.questions
        underWay?.batch.appendQuestions(of: next.batch)
        next.questions = Questions()
        next.batch.removeQuestions()
    }

    /// An upload that is on its way in the batch with a number came again.
    mutating func answer(_ ticket: StreamTicket, withBatch number: Int) {
        if underWay?.number == number {
            underWay?.repeats.append(ticket)
        } else {
            next.repeats.append(ticket)
        }
    }
}

extension StorePipeline.Entry {
    /// What devices send to groups stays: uploads wait for the store.
    fileprivate mutating func withdrawRequests() -> [PendingRequest] {
        var withdrawn = deposits
        var kept: [TopicDeposit] = []
        for (origin, deposit) in zip(topicDeposits, batch.downstream.topicDeposits) {
            switch origin {
            case .request(let request): withdrawn.append(request)
            case .upload: kept.append(deposit)
            }
        }
        deposits = []
        topicDeposits = Array(repeating: .upload, count: kept.count)
        batch.downstream.deposits = []
        batch.downstream.topicDeposits = kept
        return withdrawn
    }
}

extension StoreBatch {
    fileprivate mutating func removeQuestions() {
        laneReads = []
        deviceLoads = []
        tokenLoads = []
        mailboxReads = []
    }

    fileprivate mutating func appendQuestions(of other: StoreBatch) {
        laneReads += other.laneReads
        deviceLoads += other.deviceLoads
        tokenLoads += other.tokenLoads
        mailboxReads += other.mailboxReads
    }

    /// Whether somebody waits for the batch.
    fileprivate var isUrgent: Bool {
        var rest = self
        rest.removals = []
        rest.downstream.removals = []
        rest.downstream.deletionsTold = []
        return !rest.isEmpty
    }
}

/// A place among a stream's stanzas.
struct StreamTicket: Hashable {
    let stream: DeviceStreamID
    let ticket: Ticket
}

/// Who waits for a message to be durable.
struct UploadOrigin: Hashable {
    let slot: DeviceSlot
    let ticket: StreamTicket
}

/// A login that waits for the registry.
struct PendingLogin: Hashable {
    let stream: DeviceStreamID
    let device: DeviceID
    let secretHash: [UInt8]
}

/// A check-in that waits for the registry.
struct PendingCheckIn: Hashable {
    let stream: DeviceStreamID
    let identity: DeviceIdentity
}

/// A registration, or a request of an app, that waits for the registry.
struct PendingRegistration: Hashable {
    enum Change: Hashable {
        /// `isChanged`: an earlier registration has senders added to it.
        case registered(isChanged: Bool)
        case refreshed
        case unregistered
        /// The device refused a delivery; nobody waits for an answer.
        case uninstalled
        /// Nothing of the registration itself.
        case subscription
    }

    let change: Change
    let stream: DeviceStreamID
    let request: String
    let registration: Registration
}
