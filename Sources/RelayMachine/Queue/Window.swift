import CloudMessaging

/// The un-ACKed messages of one connection, each in a slot, with the time of its next attempt.
///
/// Bounded, so looking through all slots when a deadline comes is cheaper than a timer a message.
struct Window: Hashable {
    struct Slot: Hashable {
        let message: UpstreamMessage
        /// When the message is sent again; `.never` when the attempt is not the message's latest,
        /// or the redelivery mode knows no timer.
        var deadline: Instant
    }

    private var slots: [Slot?] = []
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
        let slot = Slot(message: message, deadline: deadline)
        if let index = freeSlots.popLast() {
            slots[index] = slot
            return index
        }
        slots.append(slot)
        return slots.count - 1
    }

    mutating func remove(_ index: Int) {
        precondition(slots[index] != nil, "a slot was freed twice")
        slots[index] = nil
        freeSlots.append(index)
        count -= 1
    }

    mutating func setDeadline(_ deadline: Instant, of index: Int) {
        slots[index]?.deadline = deadline
        earliestDeadline = min(earliestDeadline, deadline)
    }

    /// The connection was not read for a while: every attempt gets that time back.
    mutating func postponeDeadlines(by duration: Duration) {
        for index in slots.indices {
            guard let deadline = slots[index]?.deadline, deadline != .never else { continue }
            slots[index]?.deadline = deadline + duration
        }
        refreshEarliestDeadline()
    }

    /// Messages whose deadline has come, oldest first; their deadlines are cleared.
    mutating func takeDue(at now: Instant) -> [UpstreamMessage] {
        guard earliestDeadline <= now else { return [] }
        var due: [UpstreamMessage] = []
        for index in slots.indices {
            guard let slot = slots[index], slot.deadline <= now else { continue }
            due.append(slot.message)
            slots[index]?.deadline = .never
        }
        refreshEarliestDeadline()
        return due.sorted { $0.key < $1.key }
    }

    /// All messages in the window, oldest first.
    var messages: [UpstreamMessage] {
        slots.compactMap { $0?.message }.sorted { $0.key < $1.key }
    }

    private mutating func refreshEarliestDeadline() {
        earliestDeadline = slots.reduce(.never) { min($0, $1?.deadline ?? .never) }
    }
}
