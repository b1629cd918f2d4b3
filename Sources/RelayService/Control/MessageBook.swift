import CloudMessaging
import Journal

/// The messages that a journal remembers, as its events tell of them.
///
/// Kept apart from the relay: it reads the journal in pages when somebody asks, and costs the relay
/// nothing when nobody does.
struct MessageBook {
    /// By number.
    private var records: [Int64: MessageRecord] = [:]
    /// Ascending, as messages are first heard of.
    private var numbers: [Int64] = []
    private var isSorted = true
    /// The last event that was read.
    private(set) var lastEvent: UInt64 = 0
    private let limit: Int

    /// - Parameters:
    ///   - limit: messages that are remembered, the latest.
    ///   - lastEvent: events up to this one are not to be read.
    init(limit: Int, readUpTo lastEvent: UInt64 = 0) {
        self.limit = limit
        self.lastEvent = lastEvent
    }

    subscript(number: Int64) -> MessageRecord? { records[number] }

    var count: Int { records.count }

    /// Those with higher numbers, by number.
    mutating func records(after number: Int64, limit: Int) -> [MessageRecord] {
        sortNumbers()
        var (low, high) = (0, numbers.count)
        while low < high {
            let middle = (low + high) / 2
            if numbers[middle] <= number { low = middle + 1 } else { high = middle }
        }
        return numbers[low...].prefix(limit).compactMap { records[$0] }
    }

    /// All of them, by number.
    mutating func all() -> [MessageRecord] { records(after: 0, limit: .max) }

    // MARK: Reading the journal

    mutating func read(_ page: Journal.Page) {
        // What the gap had may have ended messages that stand here as waiting.
        if page.hasGap, lastEvent > 0 { forgetAll() }
        for event in page.events { read(event) }
        forgetOldest()
    }

    private mutating func read(_ event: JournalEvent) {
        lastEvent = max(lastEvent, event.number)
        guard let number = event.message else { return }
        if records[number] == nil {
            guard event.state != nil || event.attempt != nil else { return }
            records[number] = MessageRecord(
                number: number, subject: event.subject, sender: event.sender,
                direction: event.direction ?? .upstream, state: event.state ?? .queued,
                firstSeen: event.instant)
            if let last = numbers.last, last > number { isSorted = false }
            numbers.append(number)
        }
        records[number]?.note(event)
    }

    /// What was forgotten in the journal is forgotten here.
    mutating func forget(where isUnwanted: (MessageRecord) -> Bool) {
        records = records.filter { !isUnwanted($0.value) }
        numbers.removeAll { records[$0] == nil }
    }

    private mutating func forgetAll() {
        records = [:]
        numbers = []
    }

    private mutating func forgetOldest() {
        guard records.count > limit else { return }
        sortNumbers()
        let surplus = numbers.count - limit
        for number in numbers.prefix(surplus) { records[number] = nil }
        numbers.removeFirst(surplus)
    }

    private mutating func sortNumbers() {
        guard !isSorted else { return }
        numbers.sort()
        isSorted = true
    }
}

extension MessageRecord {
    /// Goes on with what an event tells.
    fileprivate mutating func note(_ event: JournalEvent) {
        changed = event.instant
        if let sender = event.sender { self.sender = sender }
        switch event.subject {
        case .upstream, .downstream: subject = event.subject
        case .named where messageID == nil: subject = event.subject
        case .named, .nothing: break
        }
        switch event.kind {
        case .upstreamStanza, .receipt:
            (state, reason, retryDue) = (.inFlight, event.detail?.reason, nil)
            attempts = event.attempt ?? attempts + 1
            connection = event.connection
        case .delivery:
            (state, reason) = (.inFlight, nil)
            attempts += 1
            connection = event.connection
        case .messageState:
            state = event.state ?? state
            (reason, retryDue) = (event.detail?.reason, nil)
        case .timerSet:
            retryDue = event.delay.map { event.instant + $0 }
        case .timerFired:
            retryDue = nil
        default: break
        }
    }
}
