import CloudMessaging
import MessageStore
import Testing

@Suite("Expiry, in every store")
struct MessageExpiryTests {
    @Test("Messages expire at their instant, the earliest first", arguments: StoreKind.allCases)
    func order(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        let origin = try Sample.registration()
        var batch = try StoreBatch.filled([])
        batch.messages = [
            try Sample.message(1, origin: origin, expiry: 300),
            try Sample.message(2, in: Sample.neighbour, origin: origin, expiry: 100),
            try Sample.message(3, origin: origin, expiry: 100),
            try Sample.message(4, origin: origin, expiry: 200),
        ]
        _ = store.mustDo(batch)

        let early = store.mustDo(.expiring(at: 99))
        #expect(early.expired.isEmpty)
        #expect(early.nextExpiry == Instant(nanoseconds: 100))

        let some = store.mustDo(.expiring(at: 200))
        #expect(some.expired.map(\.key.sequence) == [3, 2, 4])
        #expect(some.expired.map(\.pair.id.text) == ["m-3", "m-2", "m-4"])
        #expect(some.expired.allSatisfy { $0.pair.token == origin.token })
        #expect(some.nextExpiry == Instant(nanoseconds: 300))
        #expect(store.sequences() == [1])

        let last = store.mustDo(.expiring(at: 300))
        #expect(last.expired.map(\.key.sequence) == [1])
        #expect(last.nextExpiry == nil)
    }

    @Test(
        "Messages with the longest time to live expire in the order of arrival, others among them",
        arguments: StoreKind.allCases)
    func longest(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        let origin = try Sample.registration()
        let day = Int64(Limits.timeToLiveSeconds)
        let arrivals: [(second: Int64, timeToLive: Int64)] = [
            (0, day), (1, 60), (2, day), (3, day - 1), (4, day), (5, day / 2),
        ]
        var batch = try StoreBatch.filled([])
        batch.messages = try arrivals.enumerated().map { index, arrival in
            try Sample.message(
                Int64(index + 1), origin: origin, timeToLive: Int(arrival.timeToLive),
                expiry: (arrival.second + arrival.timeToLive) * 1_000_000_000)
        }
        _ = store.mustDo(batch)
        var ends: [[Int64]] = []
        var next = Instant(nanoseconds: 0)
        while next != .never {
            let results = store.mustDo(.expiring(at: next.nanoseconds))
            if !results.expired.isEmpty { ends.append(results.expired.map(\.key.sequence)) }
            next = results.nextExpiry ?? .never
        }
        #expect(ends == [[2], [6], [1], [3, 4], [5]])
    }

    @Test("What was removed neither expires nor counts as the next", arguments: StoreKind.allCases)
    func removedBefore(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        let origin = try Sample.registration()
        var batch = try StoreBatch.filled([])
        batch.messages = try (1...3).map {
            try Sample.message($0, origin: origin, expiry: $0 * 100)
        }
        _ = store.mustDo(batch)
        _ = store.mustDo(.removing([1]))
        #expect(store.mustDo(.expiring(at: 50)).nextExpiry == Instant(nanoseconds: 200))
        _ = store.mustDo(.removing([2]))
        #expect(try lives.next().snapshot.nextExpiry == Instant(nanoseconds: 300))
        _ = try lives.next().store.mustDo(.removing([3]))
        #expect(try lives.next().snapshot.nextExpiry == nil)
    }

    @Test("One batch expires so many messages and no more", arguments: StoreKind.allCases)
    func bounded(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        let origin = try Sample.registration()
        var batch = try StoreBatch.filled([])
        let extra = 7
        batch.messages = try (1...Int64(Limits.expiryBatch + extra)).map {
            try Sample.message($0, origin: origin, expiry: $0)
        }
        _ = store.mustDo(batch)
        let first = store.mustDo(.expiring(at: .max))
        #expect(first.expired.count == Limits.expiryBatch)
        #expect(first.nextExpiry == Instant(nanoseconds: Int64(Limits.expiryBatch + 1)))
        let second = store.mustDo(.expiring(at: .max))
        #expect(second.expired.count == extra)
        #expect(second.nextExpiry == nil)
        #expect(try lives.next().snapshot.messageCount == 0)
    }

    @Test(
        "A batch that settles and expires a message counts it once", arguments: StoreKind.allCases)
    func settledInTheSameBatch(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .filled([1, 2]))
        var batch = StoreBatch.removing([1])
        batch.expireBefore = Instant(nanoseconds: 1_000_000)
        #expect(store.mustDo(batch).expired.map(\.key.sequence) == [2])
    }
}
