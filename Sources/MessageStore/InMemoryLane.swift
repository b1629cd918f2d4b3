internal import CloudMessaging
internal import DequeModule

/// The messages of one lane, sorted by key.
///
/// They come in order, are found by bisection and mostly leave at the front, where a double-ended
/// queue has little to move.
struct InMemoryLane {
    private var messages = Deque<UpstreamMessage>()

    func messages(after: MessageKey, through: MessageKey?, limit: Int) -> [UpstreamMessage] {
        let start = firstIndex(after: after)
        let end = through.map(firstIndex) ?? messages.count
        return messages[start..<max(start, end)].prefix(limit).map { $0 }
    }

    func contains(_ key: MessageKey) -> Bool {
        index(of: key) != nil
    }

    /// False when a message of that key is there already, which then stays.
    mutating func insert(_ message: UpstreamMessage) -> Bool {
        guard !contains(message.key) else { return false }
        messages.insert(message, at: firstIndex(after: message.key))
        return true
    }

    /// Nil when there is no such message.
    mutating func remove(_ key: MessageKey) -> UpstreamMessage? {
        index(of: key).map { messages.remove(at: $0) }
    }

    private func index(of key: MessageKey) -> Int? {
        let index = firstIndex(after: key) - 1
        return index >= 0 && messages[index].key == key ? index : nil
    }

    /// Where the first message with a higher key stands.
    private func firstIndex(after key: MessageKey) -> Int {
        var low = 0
        var high = messages.count
        while low < high {
            let middle = (low + high) / 2
            if messages[middle].key <= key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
