import CloudMessaging
import DequeModule

/// A sixteenth of a sender's queue: the messages of some devices, in order (design decision 10).
struct Lane: Hashable {
    let id: LaneID
    /// Where the lane's messages go.
    var connection: ConnectionID?
    /// Where the connection stood last.
    var positionHint = 0
    /// Messages of the lane that are on the wire.
    var inFlight = 0
    /// To be sent next, in order; messages to be sent again stand in front.
    var ready: Deque<UpstreamMessage> = []
    /// Messages in the store behind `ready`, in order.
    var stored: [StoredSpan] = []
    /// The highest key that was sent or held back; later ones in memory can be read again.
    var highestTaken: MessageKey
    /// The highest key that the store made durable.
    var lastStored: MessageKey
    /// Messages held back because of their pair (in their `PairRecord`).
    var heldCount = 0
    /// Sent messages whose connection was lost and that wait for a time or for the next bind.
    var parked: [Parked] = []
    /// What waited when the sender came back, until the hold-back is over.
    var heldOver: HeldOver?
    /// Since when the lane waits for a slot on its connection.
    var blockedSince: Instant?
    /// A read of the store is under way.
    var isReading = false
    /// Raised when a read under way is no longer wanted.
    var readGeneration = 0

    /// A lane of a store that holds messages below `firstSequence` only.
    init(id: LaneID, firstSequence: Int64) {
        self.id = id
        highestTaken = id.start
        lastStored = MessageKey(lane: id, sequence: firstSequence - 1)
    }

    /// Whether the lane keeps so many messages aside that it takes no further one.
    var isFull: Bool { heldCount + parked.count { $0.until != .never } >= Limits.heldPerLane }

    var hasWork: Bool { !ready.isEmpty || !stored.isEmpty }

    /// A message was stored: keeps it in memory if it is next in line, else leaves it in the store.
    mutating func append(_ message: UpstreamMessage, keepInMemory: Bool) {
        lastStored = message.key
        if stored.isEmpty, keepInMemory, ready.count < Limits.residentPerLane {
            ready.append(message)
        } else {
            leaveInStore(StoredSpan(after: message.key.predecessor, through: nil))
        }
    }

    /// Remembers a place behind the others, as a part of the last one if nothing was taken between
    /// the two.
    private mutating func leaveInStore(_ span: StoredSpan) {
        guard let last = stored.indices.last else { return stored.append(span) }
        // It goes on to the end, and has what comes.
        guard let through = stored[last].through else { return }
        if highestTaken <= through {
            stored[last].through = span.through
        } else {
            stored.append(span)
        }
    }

    /// Takes what a read of the first span in the store found.
    ///
    /// - Parameter ended: messages that have ended since the question was asked.
    mutating func take(
        _ messages: [UpstreamMessage], readBy read: LaneRead, without ended: RecentlyEnded
    ) {
        isReading = false
        ready.append(contentsOf: messages.lazy.filter { !ended.contains($0.key) })
        if messages.count == read.limit, let last = messages.last, last.key != read.through {
            stored[0].after = last.key
        } else if let through = read.through, stored[0].through == nil, lastStored > through {
            stored[0].after = through
        } else {
            stored.removeFirst()
        }
    }

    /// Forgets the messages in memory that were never sent: they are in the store.
    mutating func forgetFresh() {
        releaseHeldOver()
        readGeneration += 1
        isReading = false
        var firstForgotten: MessageKey?
        while let last = ready.last, last.key > highestTaken {
            firstForgotten = last.key
            ready.removeLast()
        }
        guard let firstForgotten else { return }
        if stored.isEmpty {
            stored.append(StoredSpan(after: firstForgotten.predecessor, through: nil))
        } else {
            stored[0].after = firstForgotten.predecessor
        }
    }

    /// Puts messages that were sent before back in front, keeping their order.
    mutating func requeue(_ messages: [UpstreamMessage]) {
        for message in messages.reversed() { ready.prepend(message) }
    }

    /// Whether a message that is neither in flight nor held back may still be sent.
    func mayHold(_ key: MessageKey) -> Bool {
        key > highestTaken || ready.contains { $0.key == key }
            || stored.contains { $0.covers(key) }
            || heldOver.map { $0.holds(key) } ?? false
    }

    // MARK: Hold-back after a reconnect

    /// Sets aside all that waits, until an instant. Each time may leave one place more to read from;
    /// a lane with many of them is not held back.
    mutating func holdOver(until: Instant) {
        guard heldOver == nil, hasWork, stored.count < Limits.placesPerLane else { return }
        readGeneration += 1
        isReading = false
        var stored = stored
        if let last = stored.indices.last, stored[last].through == nil {
            stored[last].through = lastStored
        }
        heldOver = HeldOver(until: until, ready: ready, stored: stored)
        ready = []
        self.stored = []
    }

    /// Puts what was set aside back in line: behind what is to be sent again, in front of what is
    /// fresh.
    mutating func releaseHeldOver() {
        guard let heldOver else { return }
        self.heldOver = nil
        if !heldOver.stored.isEmpty {
            forgetFresh()
            let later = stored
            stored = heldOver.stored
            for span in later { leaveInStore(span) }
        }
        let place = ready.firstIndex { $0.key > highestTaken } ?? ready.endIndex
        ready.insert(contentsOf: heldOver.ready, at: place)
    }
}

/// Messages of a lane that are in the store and not in memory.
struct StoredSpan: Hashable {
    /// Only later ones.
    var after: MessageKey
    /// Only up to this one; nil: to the end, growing.
    var through: MessageKey?

    func covers(_ key: MessageKey) -> Bool {
        key > after && through.map { key <= $0 } ?? true
    }
}

/// A message that waits for its next attempt.
struct Parked: Hashable {
    let message: UpstreamMessage
    /// `.never`: until the sender's next bind.
    let until: Instant
}

/// What a lane set aside for the hold-back after a reconnect.
struct HeldOver: Hashable {
    let until: Instant
    var ready: Deque<UpstreamMessage>
    let stored: [StoredSpan]

    func holds(_ key: MessageKey) -> Bool {
        ready.contains { $0.key == key } || stored.contains { $0.covers(key) }
    }
}

extension MessageKey {
    /// The highest key below this one in its lane.
    var predecessor: MessageKey { MessageKey(rawValue: rawValue - 1) }
}
