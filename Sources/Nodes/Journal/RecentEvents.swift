import DequeModule

/// The last event of each of many keys; beyond a limit those that came first are forgotten.
struct RecentEvents<Key: Hashable> {
    private let limit: Int
    private var numbers: [Key: UInt64] = [:]
    private var order: Deque<Key> = []

    init(limit: Int) {
        self.limit = limit
    }

    subscript(key: Key) -> UInt64? { numbers[key] }

    mutating func note(_ number: UInt64, for key: Key) {
        guard numbers.updateValue(number, forKey: key) == nil else { return }
        order.append(key)
        if order.count > limit, let oldest = order.popFirst() { numbers[oldest] = nil }
    }
}
