internal import CloudMessaging
internal import HeapModule

/// When the messages of a store expire, the earliest first.
///
/// May name messages that are gone; those are passed over.
struct InMemoryExpiries<Message: StoredMessage>: Hashable {
    private struct Expiry: Comparable {
        let instant: Instant
        let key: Message.Key

        static func < (left: Expiry, right: Expiry) -> Bool {
            (left.instant, left.key) < (right.instant, right.key)
        }
    }

    private var expiries = Heap<Expiry>()

    mutating func insert(_ message: Message) {
        expiries.insert(Expiry(instant: message.expiry, key: message.key))
    }

    /// The key of a message whose time was over at an instant; nil: none is left.
    mutating func pop(at now: Instant) -> Message.Key? {
        guard let next = expiries.min, next.instant <= now else { return nil }
        return expiries.removeMin().key
    }

    /// The earliest expiry of a message that is there. Throws away what names messages that are
    /// gone, of `count` that are there.
    mutating func next(count: Int, contains: (Message.Key) -> Bool) -> Instant? {
        if expiries.count > 2 * count + 1_000 {
            expiries = Heap(expiries.unordered.filter { contains($0.key) })
        }
        while let next = expiries.min, !contains(next.key) { expiries.removeMin() }
        return expiries.min?.instant
    }

    // MARK: Equality: what is in the heap, in whatever order it stands there

    static func == (left: InMemoryExpiries, right: InMemoryExpiries) -> Bool {
        left.expiries.count == right.expiries.count
            && left.expiries.unordered.sorted() == right.expiries.unordered.sorted()
    }

    func hash(into hasher: inout Hasher) {
        expiries.count.hash(into: &hasher)
    }
}
