import DequeModule

/// The requests that wait for a connection with room, first come first served.
struct WaitingRequests: Sendable {
    struct Entry: Sendable {
        let request: DownstreamRequest
        /// How often it was written before.
        let tries: Int
    }

    private var entries: Deque<Entry> = []

    var count: Int { entries.count }

    mutating func append(_ request: DownstreamRequest) {
        entries.append(Entry(request: request, tries: 0))
    }

    /// Those had their turn before everybody here; they keep their order.
    mutating func putBack(_ returned: [UnansweredRequests.Entry]) {
        for entry in returned.reversed() {
            entries.prepend(Entry(request: entry.request, tries: entry.tries))
        }
    }

    mutating func popFirst() -> Entry? { entries.popFirst() }

    /// Takes out one; gives whether it was here.
    mutating func remove(_ id: DownstreamRequestID) -> Bool {
        guard let index = entries.firstIndex(where: { $0.request.id == id }) else { return false }
        entries.remove(at: index)
        return true
    }

    mutating func removeAll() -> [DownstreamRequest] {
        defer { entries = [] }
        return entries.map(\.request)
    }
}
