import CloudMessaging

/// What happened, in order: the newest events, in a ring that was made large enough at the start.
///
/// A value without a lock: it belongs to whoever drives the machines, and others ask that one for
/// pages. Names and payloads are copied, so no event keeps its message alive, and a page has
/// messages of its own.
package struct Journal: Sendable {
    /// Events that are kept; 0: none, they are only counted.
    package let limit: Int
    /// The number of the newest event, kept or not; 0: nothing happened.
    package private(set) var lastNumber: UInt64 = 0
    /// Events that had to make room for newer ones.
    package private(set) var dropped: UInt64 = 0
    /// The highest number among those.
    private var lastDropped: UInt64 = 0

    private var slots: ContiguousArray<JournalEntry> = []
    private var subjects = KeptSubjects()
    /// Where the ring begins once it is full.
    private var oldest = 0

    package init(limit: Int = Limits.journalEvents) {
        precondition(limit >= 0, "a journal's limit is a count")
        self.limit = limit
        slots.reserveCapacity(limit)
    }

    /// Events that are there.
    package var count: Int { slots.count }

    /// Bytes that names and payloads take.
    package var textBytes: Int { subjects.size }

    /// Notes an event and returns the number that it got.
    @discardableResult
    package mutating func record(_ event: consuming JournalEvent) -> UInt64 {
        lastNumber += 1
        guard limit > 0 else {
            noteDropped(lastNumber)
            return lastNumber
        }
        if event.kind.mayRepeatNumbers { subjects.forgetPlaces() }
        let subject = subjects.keep(event.subject, for: lastNumber, oldest: oldestNumber)
        let entry = JournalEntry(number: lastNumber, facts: event.facts, subject: subject)
        if slots.count < limit {
            slots.append(entry)
        } else {
            noteDropped(oldestNumber)
            slots[oldest] = entry
            oldest = oldest + 1 == limit ? 0 : oldest + 1
        }
        return lastNumber
    }

    /// The number of the oldest event; without one, that of the next.
    private var oldestNumber: UInt64 {
        slots.isEmpty ? lastNumber : slots[oldest].number
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
        return Page(events: (start..<end).map(event(at:)), hasGap: lastDropped > number)
    }

    /// The event of a number, if it is there.
    package func event(_ number: UInt64) -> JournalEvent? {
        guard number > 0 else { return nil }
        let index = firstIndex(after: number - 1)
        return index < count && self[index].number == number ? event(at: index) : nil
    }

    private func event(at index: Int) -> JournalEvent {
        let entry = self[index]
        return JournalEvent(
            entry.number, entry.facts, about: subjects.subject(entry.subject))
    }

    /// What is kept at a place counted from the oldest.
    private subscript(index: Int) -> JournalEntry {
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

    /// Forgets all events; the numbers go on, nothing counts as dropped, and what was dropped before
    /// is missing no more.
    package mutating func clear() {
        slots.removeAll(keepingCapacity: true)
        oldest = 0
        lastDropped = 0
        subjects.removeAll()
    }

    /// Forgets some events, those of one sender for instance; the others keep their numbers.
    package mutating func removeAll(where isUnwanted: (JournalEvent) -> Bool) {
        var kept: ContiguousArray<JournalEntry> = []
        kept.reserveCapacity(limit)
        for index in 0..<count where !isUnwanted(event(at: index)) { kept.append(self[index]) }
        slots = kept
        oldest = 0
    }
}
