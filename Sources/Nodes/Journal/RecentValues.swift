import DequeModule

/// What was noted under a few keys, oldest first; beyond a limit the oldest is forgotten.
///
/// For what is asked for soon, and mostly in the order in which it was noted: then the search ends
/// at the first.
struct RecentValues<Key: Equatable, Value> {
    private let limit: Int
    private var entries: Deque<(key: Key, value: Value)> = []

    init(limit: Int) {
        self.limit = limit
    }

    mutating func append(_ value: Value, for key: Key) {
        if entries.count == limit { entries.removeFirst() }
        entries.append((key, value))
    }

    subscript(key: Key) -> Value? { entries.first { $0.key == key }?.value }

    mutating func remove(_ key: Key) -> Value? {
        guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
        return entries.remove(at: index).value
    }

    mutating func removeNewest(_ key: Key) -> Value? {
        guard let index = entries.lastIndex(where: { $0.key == key }) else { return nil }
        return entries.remove(at: index).value
    }

    /// The first value of a key; it is forgotten, and all before it.
    mutating func removeThrough(_ key: Key) -> Value? {
        guard let index = entries.firstIndex(where: { $0.key == key }) else { return nil }
        let value = entries[index].value
        entries.removeFirst(index + 1)
        return value
    }

    /// The last value whose key is meant; all of those are forgotten.
    mutating func removeLast(where isMeant: (Key) -> Bool) -> Value? {
        let count = entries.firstIndex { !isMeant($0.key) } ?? entries.count
        if count > 0 {
            let last = entries[count - 1].value
            entries.removeFirst(count)
            return last
        }
        let last = entries.last { isMeant($0.key) }?.value
        if last != nil { entries.removeAll { isMeant($0.key) } }
        return last
    }

    func first(where isMeant: (Value) -> Bool) -> Value? {
        entries.first { isMeant($0.value) }?.value
    }
}
