internal import CloudMessaging
internal import HeapModule

/// When the stored messages expire: the earliest first, then in the order of taking.
struct ExpiryQueue {
    private struct Entry: Comparable {
        let expiry: Instant
        let number: Int64

        static func < (left: Entry, right: Entry) -> Bool {
            (left.expiry, left.number) < (right.expiry, right.number)
        }
    }

    private var heap: Heap<Entry> = []
    /// Entries that count no more. A heap gives up only its smallest element at once; the others
    /// are swept out when they are the majority, so a removal costs little on average.
    private var cancelled: Set<Int64> = []
    /// Nothing that expires until then is in the queue.
    private var swept = Instant(nanoseconds: .min)

    /// Entries in memory, the cancelled ones included.
    var footprint: Int { heap.count + cancelled.count }

    /// The earliest expiry; nil: none.
    var first: Instant? { heap.min?.expiry }

    mutating func insert(_ number: Int64, expiry: Instant) {
        heap.insert(Entry(expiry: expiry, number: number))
    }

    /// Takes out a number that is in the queue, or was given out by `popFirst(by:)`.
    mutating func cancel(_ number: Int64, expiry: Instant) {
        guard expiry > swept else { return }
        cancelled.insert(number)
        dropCancelledHead()
        guard cancelled.count > 32, cancelled.count * 2 > heap.count else { return }
        heap = Heap(heap.unordered.filter { !cancelled.contains($0.number) })
        cancelled.removeAll(keepingCapacity: true)
    }

    /// The next number that expires until then, taken out; to be called until none is left.
    mutating func popFirst(by now: Instant) -> Int64? {
        swept = max(swept, now)
        guard let entry = heap.min, entry.expiry <= now else { return nil }
        heap.removeMin()
        dropCancelledHead()
        return entry.number
    }

    private mutating func dropCancelledHead() {
        while let head = heap.min, cancelled.remove(head.number) != nil {
            heap.removeMin()
        }
    }
}
