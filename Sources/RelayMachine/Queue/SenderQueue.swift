import CloudMessaging

/// The queue of one sender: its lanes, its connections, and what is in flight between them.
///
/// Every event leaves its effects in `QueueEffects`; `nextDeadline` says when
/// `deadlineReached(now:)` is due. Each aspect has its file: sending, acknowledgement, connections,
/// what comes from the store, and time.
struct SenderQueue: Hashable {
    let id: SenderID
    let number: SenderNumber
    var lanes: [Lane]
    /// In the order in which they were bound.
    var connections: [AppServerConnection] = []
    /// Where each connection stands in `connections`.
    var positions: [ConnectionID: Int] = [:]
    var pairs: [MessagePair: PairRecord] = [:]
    /// Lanes that wait for a slot and may take one anywhere, one bit each.
    var roamingLanes: UInt16 = 0
    /// No deadline of the queue is earlier; it may be too early.
    var nextDeadline = Instant.never

    /// - Parameter holdsMessages: whether the store may hold messages of an earlier life.
    init(id: SenderID, number: SenderNumber, firstSequence: Int64, holdsMessages: Bool) {
        self.id = id
        self.number = number
        lanes = (0..<Limits.lanesPerSender).map { index in
            var lane = Lane(
                id: LaneID(sender: number, index: index), firstSequence: firstSequence)
            if holdsMessages { lane.stored = [StoredSpan(after: lane.id.start, through: nil)] }
            return lane
        }
    }

    /// Where a connection stands; nil when it is gone.
    ///
    /// - Parameter hint: where it may stand: if it does, the look-up is spared.
    func position(of id: ConnectionID, hint: Int) -> Int? {
        if hint < connections.count, connections[hint].id == id { return hint }
        return positions[id]
    }

    mutating func wake(at instant: Instant) {
        nextDeadline = min(nextDeadline, instant)
    }
}
