import CloudMessaging

/// The un-ACKed messages of one connection, each in a slot, with the time of its next attempt.
///
/// Bounded, so looking through all slots when a deadline comes is cheaper than a timer a message.
struct Window: Hashable {
    /// What each slot carries; nil: the slot is free.
    private var carried: [UpstreamMessage?] = []
    /// When the message of a slot is sent again; `.never` when the slot is free, the attempt is not
    /// the message's latest, or the redelivery mode knows no timer. Beside `carried`, not in it, so
    /// that looking for what is due touches no message.
    private var deadlines: [Instant] = []
    private var freeSlots: [Int] = []
    private let limit: Int
    /// Occupied slots.
    private(set) var count = 0
    /// No deadline in the window is earlier; it may be too early by ACKs that came since.
    private(set) var earliestDeadline = Instant.never

    init(limit: Int) {
        self.limit = limit
    }

    var isFull: Bool { count >= limit }

    /// Puts a message in a free slot and returns the slot's number.
    mutating func insert(_ message: UpstreamMessage, deadline: Instant) -> Int {
        precondition(!isFull, "a message was sent beyond the window")
        count += 1
        earliestDeadline = min(earliestDeadline, deadline)
        if let index = freeSlots.popLast() {
            carried[index] = message
            deadlines[index] = deadline
            return index
        }
        carried.append(message)
        deadlines.append(deadline)
        return carried.count - 1
    }

    mutating func remove(_ index: Int) {
        precondition(carried[index] != nil, "a slot was freed twice")
        carried[index] = nil
        deadlines[index] = .never
        freeSlots.append(index)
        count -= 1
    }

    mutating func setDeadline(_ deadline: Instant, of index: Int) {
        deadlines[index] = deadline
        earliestDeadline = min(earliestDeadline, deadline)
    }

    /// The connection was not read for a while: every attempt gets that time back.
    mutating func postponeDeadlines(by duration: Duration) {
        for index in deadlines.indices where deadlines[index] != .never {
            deadlines[index] = deadlines[index] + duration
        }
        refreshEarliestDeadline()
    }

    /// Messages whose deadline has come, oldest first; their deadlines are cleared.
    mutating func takeDue(at now: Instant) -> [UpstreamMessage] {
        guard earliestDeadline <= now else { return [] }
        var due: [UpstreamMessage] = []
        for index in deadlines.indices where deadlines[index] <= now {
            if let message = carried[index] { due.append(message) }
            deadlines[index] = .never
        }
        refreshEarliestDeadline()
        return due.sorted { $0.key < $1.key }
    }

    /// All messages in the window, oldest first.
    var messages: [UpstreamMessage] {
        carried.compactMap(\.self).sorted { $0.key < $1.key }
    }

    private mutating func refreshEarliestDeadline() {
        earliestDeadline = deadlines.reduce(.never) { $1 < $0 ? $1 : $0 }
    }
}
