import CloudMessaging

/// The requests that have a place on one connection: written and not answered, or refused for the
/// time being and waiting there for another try.
struct UnansweredRequests: Sendable {
    struct Entry: Sendable {
        let request: DownstreamRequest
        /// How often it was written, on this connection and others; a refusal by a connection that
        /// drains is not counted.
        var tries: Int
        /// When nobody waits for its answer any more.
        let deadline: Instant
        /// When it is written again; nil: it is on the wire.
        var retryAt: Instant?
        /// Nobody waits for it any more; it keeps its place until its answer comes.
        var isAbandoned = false
    }

    /// By the time at which they were first written here; at most 100, so a search is cheap.
    private(set) var entries: [Entry] = []

    var count: Int { entries.count }

    mutating func append(_ waiting: WaitingRequests.Entry) {
        entries.append(
            Entry(request: waiting.request, tries: waiting.tries + 1, deadline: waiting.deadline))
    }

    /// Takes out what an answer answers: of requests with one message ID the one with the target
    /// that the answer names, otherwise the oldest.
    mutating func remove(answeredBy answer: DownstreamAnswer) -> Entry? {
        guard let messageID = answer.messageID else { return nil }
        let isMeant = { (entry: Entry) in
            entry.retryAt == nil && entry.request.messageID.text.hasSameBytes(as: messageID)
        }
        let exact = answer.from.flatMap { from in
            entries.firstIndex { isMeant($0) && $0.request.target.hasSameBytes(as: from) }
        }
        return (exact ?? entries.firstIndex(where: isMeant)).map { entries.remove(at: $0) }
    }

    /// Puts back what was answered, for another try on the same connection.
    mutating func insert(_ entry: Entry, retryAt: Instant) {
        entries.append(entry)
        entries[entries.count - 1].retryAt = retryAt
    }

    /// When the next one is to be written again or given up; `.never`: none.
    var nextDeadline: Instant {
        entries.reduce(.never) { next, entry in
            entry.isAbandoned ? next : min(next, entry.retryAt ?? .never, entry.deadline)
        }
    }

    /// Gives up those whose time is over; gives them as they were.
    mutating func abandonOverdue(_ now: Instant) -> [Entry] {
        let overdue = entries.filter { $0.deadline <= now && !$0.isAbandoned }
        for entry in overdue { _ = abandon(entry.request.id) }
        return overdue
    }

    /// Notes those that are due as written again.
    mutating func takeDue(_ now: Instant) -> [DownstreamRequest] {
        var due: [DownstreamRequest] = []
        for index in entries.indices {
            guard let retryAt = entries[index].retryAt, retryAt <= now else { continue }
            entries[index].retryAt = nil
            entries[index].tries += 1
            due.append(entries[index].request)
        }
        return due
    }

    /// Takes out those that wait here for another try: another connection may serve them at once.
    mutating func removeBackingOff() -> [Entry] {
        let backingOff = entries.filter { $0.retryAt != nil }
        entries.removeAll { $0.retryAt != nil }
        return backingOff
    }

    /// Nobody waits for its answer any more; gives whether it was here.
    mutating func abandon(_ id: DownstreamRequestID) -> Bool {
        guard let index = entries.firstIndex(where: { $0.request.id == id }) else { return false }
        if entries[index].retryAt == nil {
            entries[index].isAbandoned = true
        } else {
            entries.remove(at: index)
        }
        return true
    }
}
