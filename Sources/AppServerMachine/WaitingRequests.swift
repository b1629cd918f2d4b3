import CloudMessaging
import DequeModule

/// The requests that wait for a connection with room, first come first served.
struct WaitingRequests: Sendable {
    struct Entry: Sendable {
        let request: DownstreamRequest
        /// How often it was written before.
        let tries: Int
        /// When nobody waits for its answer any more.
        let deadline: Instant
    }

    private var entries: Deque<Entry> = []

    var count: Int { entries.count }

    mutating func append(_ request: DownstreamRequest, deadline: Instant) {
        entries.append(Entry(request: request, tries: 0, deadline: deadline))
    }

    /// Those had their turn before everybody here; they keep their order.
    mutating func putBack(_ returned: [UnansweredRequests.Entry]) {
        for entry in returned.reversed() {
            entries.prepend(
                Entry(request: entry.request, tries: entry.tries, deadline: entry.deadline))
        }
    }

    mutating func popFirst() -> Entry? { entries.popFirst() }

    /// Takes out one; gives whether it was here.
    mutating func remove(_ id: DownstreamRequestID) -> Bool {
        guard let index = entries.firstIndex(where: { $0.request.id == id }) else { return false }
        entries.remove(at: index)
        return true
    }

    /// When the first in line is to be given up; nobody behind it came much earlier.
    var nextDeadline: Instant { entries.first?.deadline ?? .never }

    /// Takes out those whose time is over.
    mutating func removeOverdue(_ now: Instant) -> [DownstreamRequest] {
        guard nextDeadline <= now else { return [] }
        defer { entries.removeAll { $0.deadline <= now } }
        return entries.filter { $0.deadline <= now }.map(\.request)
    }

    mutating func removeAll() -> [DownstreamRequest] {
        defer { entries = [] }
        return entries.map(\.request)
    }
}
