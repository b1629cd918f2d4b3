import CloudMessaging

/// What happened, in order: the newest events, in a ring that was made large enough at the start.
///
/// A value without a lock: it belongs to whoever drives the machines, and others ask that one for
/// pages. An event keeps its message alive until it is overwritten.
package struct Journal: Sendable {
    /// Events that are kept; 0: none, they are only counted.
    package let limit: Int
    /// The number of the newest event, kept or not; 0: nothing happened.
    package private(set) var lastNumber: UInt64 = 0
    /// Events that had to make room for newer ones.
    package private(set) var dropped: UInt64 = 0
    /// The highest number among those.
    private var lastDropped: UInt64 = 0

    private var slots: ContiguousArray<JournalEvent> = []
    /// Where the ring begins once it is full.
    private var oldest = 0

    package init(limit: Int = Limits.journalEvents) {
        precondition(limit >= 0, "a journal's limit is a count")
        self.limit = limit
        slots.reserveCapacity(limit)
    }

    /// Events that are there.
    package var count: Int { slots.count }

    /// Notes an event and returns the number that it got.
    @discardableResult
    package mutating func record(_ event: consuming JournalEvent) -> UInt64 {
        lastNumber += 1
        event.number = lastNumber
        if slots.count < limit {
            slots.append(consume event)
        } else if limit > 0 {
            noteDropped(slots[oldest].number)
            slots[oldest] = consume event
            oldest = oldest + 1 == limit ? 0 : oldest + 1
        } else {
            noteDropped(lastNumber)
        }
        return lastNumber
    }

    private mutating func noteDropped(_ number: UInt64) {
        dropped += 1
        lastDropped = number
    }

    // MARK: Reading

    /// Events in order, and what was lost before them.
    package struct Page: Sendable {
        package let events: [JournalEvent]
        /// Whether events after the asked number were overwritten before they were read.
        package let hasGap: Bool
    }

    /// The events after a number, the oldest first; 0: from the beginning.
    package func events(after number: UInt64 = 0, limit: Int = .max) -> Page {
        let start = firstIndex(after: number)
        let end = limit < count - start ? start + limit : count
        return Page(events: (start..<end).map { self[$0] }, hasGap: lastDropped > number)
    }

    /// The event that was noted last, if it is there.
    package var newest: JournalEvent? { count == 0 ? nil : self[count - 1] }

    /// The event of a number, if it is there.
    package func event(_ number: UInt64) -> JournalEvent? {
        guard number > 0 else { return nil }
        let index = firstIndex(after: number - 1)
        return index < count && self[index].number == number ? self[index] : nil
    }

    /// The event at a place counted from the oldest.
    private subscript(index: Int) -> JournalEvent {
        let slot = oldest + index
        return slots[slot < slots.count ? slot : slot - slots.count]
    }

    /// The first place with a higher number. Numbers ascend, with gaps after `removeAll(where:)`.
    private func firstIndex(after number: UInt64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle].number <= number { low = middle + 1 } else { high = middle }
        }
        return low
    }

    // MARK: Forgetting

    /// Forgets all events; the numbers go on, and nothing counts as dropped.
    package mutating func clear() {
        removeAll { _ in true }
    }

    /// Forgets some events, those of one sender for instance; the others keep their numbers.
    package mutating func removeAll(where isUnwanted: (JournalEvent) -> Bool) {
        var kept: ContiguousArray<JournalEvent> = []
        kept.reserveCapacity(limit)
        for index in 0..<count where !isUnwanted(self[index]) { kept.append(self[index]) }
        slots = kept
        oldest = 0
    }
}
