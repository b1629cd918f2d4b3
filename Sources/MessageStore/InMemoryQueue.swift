internal import CloudMessaging
internal import DequeModule

/// A message that a store knows by its key.
protocol StoredMessage: Hashable {
    associatedtype Key: Comparable

    var key: Key { get }
    var expiry: Instant { get }
}

extension UpstreamMessage: StoredMessage {}
extension DownstreamMessage: StoredMessage {}

/// The messages of one lane or of one mailbox, sorted by key.
///
/// They come in order, are found by bisection and mostly leave at the front, where a double-ended
/// queue has little to move.
struct InMemoryQueue<Message: StoredMessage>: Hashable {
    private var messages = Deque<Message>()

    var isEmpty: Bool { messages.isEmpty }
    var count: Int { messages.count }

    func messages(after: Message.Key, through: Message.Key? = nil, limit: Int = .max) -> [Message] {
        let start = firstIndex(after: after)
        let end = through.map(firstIndex) ?? messages.count
        return messages[start..<max(start, end)].prefix(limit).map { $0 }
    }

    func contains(_ key: Message.Key) -> Bool {
        index(of: key) != nil
    }

    /// False when a message of that key is there already, which then stays.
    mutating func insert(_ message: Message) -> Bool {
        guard !contains(message.key) else { return false }
        messages.insert(message, at: firstIndex(after: message.key))
        return true
    }

    /// Nil when there is no such message.
    mutating func remove(_ key: Message.Key) -> Message? {
        index(of: key).map { messages.remove(at: $0) }
    }

    private func index(of key: Message.Key) -> Int? {
        let index = firstIndex(after: key) - 1
        return index >= 0 && messages[index].key == key ? index : nil
    }

    /// Where the first message with a higher key stands.
    private func firstIndex(after key: Message.Key) -> Int {
        var low = 0
        var high = messages.count
        while low < high {
            let middle = (low + high) / 2
            if messages[middle].key <= key { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
