package import CloudMessaging

/// Google's connection server as a value: queues, windows, retries, and who may log in.
///
/// It knows no socket, clock, thread or file. Events come in by method, with the instant at which
/// they happened. What is to be done is collected by `takeActions()`; what is to be stored by
/// `takeBatch(now:)`, one batch at a time, answered by `storeAnswered(_:now:)`. `nextDeadline` says
/// when `deadlineReached(now:)` is due. A driver calls the three after every round of events, not
/// after every event: all work is done per batch.
///
/// Machines that are equal do the same from then on, which lets a search leave out what it has seen.
///
/// Two acknowledgements, never mixed: a device is told *sent* when its message is on disk, and a
/// message is *settled* when an app server ACKed it (design decision 6).
package struct RelayMachine: Hashable, Sendable {
    package let settings: RelaySettings
    var effects: QueueEffects
    var pipeline = StorePipeline()
    var storeHealth = StoreHealth()
    /// By sender number.
    var senders: [SenderQueue]
    var senderNumbers: [SenderID: SenderNumber]
    /// No sender's deadline is earlier; it may be too early.
    private var senderDeadline = Instant.never
    var connections: [ConnectionID: SenderNumber] = [:]
    var devices = DeviceTable()
    var streams: [DeviceStreamID: DeviceStream] = [:]
    /// Where the devices stand that take deliveries, by the numbers of their registrations.
    var onlineDevices: [Int64: DeviceSlot] = [:]
    var tokens = TokenTable()
    /// Nil: no rate is watched.
    var deviceRates: RateLimiter<Int64>?
    var topicRates: RateLimiter<RatedTopic>?
    var formerTokens = FormerTokens()
    /// What waits for the registry to say whose token it names.
    var pendingTokens: [RegistrationToken: [Addressed]] = [:]
    /// Devices whose stream is bound.
    package internal(set) var boundDevices = 0
    /// The next message's sequence, and the end of those that the store reserves for this life.
    var nextSequence: Int64
    var sequenceCeiling: Int64
    var nextRegistration: Int64
    /// When the store is asked next for what has expired; nil: it holds nothing.
    var expiryCheck: Instant?
    var uploadsArePaused = false
    /// Upstream messages that somebody ended.
    var endedByHand = RecentlyEnded()
    /// What the log has been told of.
    var damagedRows: Set<DamagedRow> = []
    /// Whether `shutdown(now:)` was called.
    package internal(set) var isShuttingDown = false
    /// Turns a device's security token into what the registry keeps: SHA-256 in a real relay.
    private let digest: SecretDigest

    /// - Parameters:
    ///   - snapshot: what the store held when it was opened.
    ///   - seed: rules jitter and names; the store's life is mixed in, so no name repeats.
    ///   - digest: a one-way function for security tokens.
    package init(
        settings: RelaySettings, snapshot: StoreSnapshot, seed: UInt64,
        digest: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        self.settings = settings
        self.digest = SecretDigest(digest)
        effects = QueueEffects(
            settings: settings, entropy: Entropy(seed: seed, life: UInt64(snapshot.life)))
        effects.counters.live = snapshot.messageCount
        deviceRates = settings.quirks.deviceRate.map { RateLimiter($0) }
        topicRates = settings.quirks.topicRate.map { RateLimiter($0) }
        nextSequence = snapshot.firstSequence
        sequenceCeiling = snapshot.firstSequence
        nextRegistration = snapshot.firstRegistration
        expiryCheck = snapshot.nextExpiry
        senders = snapshot.senders.map { sender in
            SenderQueue(
                id: sender.id, number: sender.number, firstSequence: snapshot.firstSequence,
                holdsMessages: true)
        }
        senderNumbers = [:]
        for sender in snapshot.senders { senderNumbers[sender.id] = sender.number }
    }

    // MARK: What a driver asks for

    /// What is to be done, in order; each action is given out once.
    package mutating func takeActions() -> [RelayAction] {
        defer { effects.actions.removeAll(keepingCapacity: true) }
        return effects.actions
    }

    /// What this life of the relay counted.
    package var counters: RelayCounters { effects.counters }

    /// The machine with nothing counted: what it has counted decides nothing of what it does.
    package var withoutCounters: RelayMachine {
        var machine = self
        machine.effects.counters = RelayCounters()
        return machine
    }

    /// The ID of a sender that the machine has a number for.
    package func senderID(of number: SenderNumber) -> SenderID {
        senders[Int(number.rawValue)].id
    }

    /// App server connections that are bound.
    package var boundConnections: Int { connections.count }

    /// Why the store takes no changes at the moment; nil: it does.
    package var storeFailure: StoreFailure? { pipeline.failure }

    /// Whether every connection is gone and everything is stored, after `shutdown(now:)`.
    ///
    /// A store that takes nothing does not hold up the end: nobody was told of what it refused, and
    /// a settle that is lost is a redelivery.
    package var isFinished: Bool {
        isShuttingDown && connections.isEmpty && streams.isEmpty
            && (pipeline.isIdle || pipeline.failure != nil)
    }

    /// When `deadlineReached(now:)` is due.
    package var nextDeadline: Instant {
        min(
            min(senderDeadline, pipeline.nextDeadline), min(expiryCheck ?? .never, healthDeadline))
    }

    private var healthDeadline: Instant {
        pipeline.failure == nil ? storeHealth.nextDeadline : .never
    }

    /// An instant that the machine asked for has come; harmless when it has not.
    package mutating func deadlineReached(now: Instant) {
        guard nextDeadline <= now else { return }
        if senderDeadline <= now {
            senderDeadline = .never
            for index in senders.indices {
                if senders[index].nextDeadline <= now {
                    senders[index].deadlineReached(now: now, &effects)
                }
                noteDeadline(ofSender: index)
            }
        }
        if let expiryCheck, expiryCheck <= now {
            pipeline.next.batch.expireBefore = now
            self.expiryCheck = nil
        }
        if healthDeadline <= now { noteStoreWorks(now: now) }
        collectQueueEffects(now: now)
    }

    /// The relay ends: device streams are closed, app servers are told that they are drained.
    package mutating func shutdown(now: Instant) {
        isShuttingDown = true
        for stream in streams.keys.sorted(by: { $0.rawValue < $1.rawValue }) {
            effects.actions.append(.closeStream(stream, .shutdown))
        }
        for index in senders.indices {
            senders[index].drain(
                senders[index].connections.map(\.id), .shutdown, now: now, &effects)
            noteDeadline(ofSender: index)
        }
        collectQueueEffects(now: now)
    }

    // MARK: Helpers of all aspects

    func hash(_ secret: String) -> [UInt8] { digest.digest(Array(secret.utf8)) }

    /// Hands what a queue wants stored to the pipeline.
    mutating func collectQueueEffects(now: Instant) {
        pipeline.remove(effects.removals, now: now)
        effects.removals.removeAll(keepingCapacity: true)
        for wanted in effects.reads {
            pipeline.next.batch.laneReads.append(wanted.read)
            pipeline.next.questions.reads.append(wanted)
        }
        effects.reads.removeAll(keepingCapacity: true)
    }

    /// A queue handled an event: its deadline may be earlier now.
    mutating func noteDeadline(ofSender index: Int) {
        senderDeadline = min(senderDeadline, senders[index].nextDeadline)
    }

    /// The queue of a sender, made when it is first heard of.
    mutating func senderNumber(of id: SenderID) -> SenderNumber {
        if let number = senderNumbers[id] { return number }
        let number = SenderNumber(rawValue: Int32(senders.count))
        senderNumbers[id] = number
        senders.append(
            SenderQueue(id: id, number: number, firstSequence: nextSequence, holdsMessages: false))
        pipeline.next.batch.newSenders.append(StoredSender(number: number, id: id))
        return number
    }

    /// A key for the next message of a lane.
    mutating func nextKey(in lane: LaneID) -> MessageKey {
        MessageKey(lane: lane, sequence: takeSequence())
    }

    /// A number for the next message, up or down.
    ///
    /// More numbers are reserved in the transaction of the first message that needs them, so that
    /// no later life uses a number again.
    mutating func takeSequence() -> Int64 {
        defer { nextSequence += 1 }
        if nextSequence >= sequenceCeiling {
            sequenceCeiling = nextSequence + Limits.sequencesReserved
            pipeline.next.batch.sequenceCeiling = sequenceCeiling
        }
        return nextSequence
    }
}
