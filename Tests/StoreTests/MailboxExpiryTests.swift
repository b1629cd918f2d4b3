import CloudMessaging
import MessageStore
import Testing

@Suite("Expiry in mailboxes, in every store")
struct MailboxExpiryTests {
    @Test("Messages leave their mailbox at their instant", arguments: StoreKind.allCases)
    func order(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        var batch = try StoreBatch.registered(2)
        batch.messages = [
            try Sample.message(9, origin: Sample.registration(), expiry: 250)
        ]
        batch.downstream.deposits = [
            try Sample.deposit(1, expiry: 300), try Sample.deposit(2, to: 2, expiry: 100),
            try Sample.deposit(3, expiry: 100), try Sample.deposit(4, expiry: 200),
        ]
        _ = store.mustDo(batch)
        #expect(try lives.next().snapshot.nextExpiry == Instant(nanoseconds: 100))
        let next = try lives.next().store

        let some = next.mustDo(.expiring(at: 200))
        #expect(
            some.expiredDeposits
                == [(1, 3), (2, 2), (1, 4)].map { MailboxKey(registration: $0, sequence: $1) })
        #expect(some.expired.isEmpty && some.nextExpiry == Instant(nanoseconds: 250))
        #expect(next.mailboxSequences() == [1])

        let last = next.mustDo(.expiring(at: 300))
        #expect(last.expired.map(\.key.sequence) == [9])
        #expect(last.expiredDeposits.map(\.sequence) == [1])
        #expect(last.nextExpiry == nil)
    }

    @Test(
        "What left its mailbox neither expires nor counts as the next",
        arguments: StoreKind.allCases)
    func gone(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .registered(2))
        _ = store.mustDo(
            .depositing(
                try Sample.deposit(1, expiry: 100),
                try Sample.deposit(2, collapseKey: "k", expiry: 200),
                try Sample.deposit(3, to: 2, expiry: 300),
                try Sample.deposit(4, collapseKey: "k", expiry: 400)))
        var batch = StoreBatch.expiring(at: 50)
        batch.downstream.removals = [MailboxKey(registration: 1, sequence: 1)]
        batch.registrations = [try Sample.registration(2, isActive: false)]
        #expect(store.mustDo(batch).nextExpiry == Instant(nanoseconds: 400))
        #expect(store.mustDo(.expiring(at: .max)).expiredDeposits.map(\.sequence) == [4])
    }

    @Test("One batch expires so many messages of both kinds", arguments: StoreKind.allCases)
    func bounded(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        let origin = try Sample.registration()
        var batch = try StoreBatch.registered(2)
        let upstream = Int64(Limits.expiryBatch - 10)
        batch.messages = try (1...upstream).map {
            try Sample.message($0, origin: origin, expiry: 500)
        }
        batch.downstream.deposits = try (1...25).map {
            try Sample.deposit(upstream + $0, expiry: $0)
        }
        _ = store.mustDo(batch)
        let first = store.mustDo(.expiring(at: .max))
        #expect(first.expired.count == Int(upstream) && first.expiredDeposits.count == 10)
        #expect(first.nextExpiry == Instant(nanoseconds: 11))
        let second = store.mustDo(.expiring(at: .max))
        #expect(second.expired.isEmpty && second.expiredDeposits.count == 15)
        #expect(second.nextExpiry == nil)
    }
}
