import CloudMessaging
import MessageStore
import Testing

@Suite("The limits of a mailbox, in every store")
struct MailboxLimitTests {
    private func store(_ kind: StoreKind) throws -> any MessageStore {
        let store = try StoreLives(kind).next().store
        _ = store.mustDo(try .registered(2))
        return store
    }

    // MARK: Collapse keys

    @Test(
        "The newest message of a collapse key replaces the earlier", arguments: StoreKind.allCases)
    func replacement(kind: StoreKind) throws {
        let store = try store(kind)
        _ = store.mustDo(
            .depositing(
                try Sample.deposit(1, collapseKey: "score"), try Sample.deposit(2),
                try Sample.deposit(3, to: 2, collapseKey: "score")))
        let results = store.mustDo(.depositing(try Sample.deposit(4, collapseKey: "score")))
        #expect(results.deposits == [.stored(dropped: [1])])
        #expect(store.mailboxSequences() == [2, 4])
        #expect(store.mailboxSequences(2) == [3])
    }

    @Test("Collapse keys are compared by their bytes", arguments: StoreKind.allCases)
    func keyBytes(kind: StoreKind) throws {
        let store = try store(kind)
        let results = store.mustDo(
            .depositing(
                try Sample.deposit(1, collapseKey: "e\u{301}"),
                try Sample.deposit(2, collapseKey: "\u{E9}"),
                try Sample.deposit(3, collapseKey: "E\u{301}"),
                try Sample.deposit(4, collapseKey: ""), try Sample.deposit(5)))
        #expect(results.deposits == Array(repeating: .stored(dropped: []), count: 5))
    }

    @Test(
        "A fifth collapse key drops the oldest message that has one", arguments: StoreKind.allCases)
    func fifthKey(kind: StoreKind) throws {
        let store = try store(kind)
        _ = store.mustDo(.depositing(try Sample.deposit(1)))
        for sequence in Int64(2)...5 {
            _ = store.mustDo(
                .depositing(try Sample.deposit(sequence, collapseKey: "k\(sequence)")))
        }
        #expect(store.mailboxSequences() == [1, 2, 3, 4, 5])
        let fifth = store.mustDo(.depositing(try Sample.deposit(6, collapseKey: "k6")))
        #expect(fifth.deposits == [.stored(dropped: [2])])
        // The key is renewed: 4 is the oldest now.
        _ = store.mustDo(.depositing(try Sample.deposit(7, collapseKey: "k3")))
        let next = store.mustDo(.depositing(try Sample.deposit(8, collapseKey: "k8")))
        #expect(next.deposits == [.stored(dropped: [4])])
        #expect(store.mailboxSequences() == [1, 5, 6, 7, 8])
    }

    @Test("What is on the wire is neither replaced nor counted", arguments: StoreKind.allCases)
    func wireAndKeys(kind: StoreKind) throws {
        let store = try store(kind)
        for sequence in Int64(1)...4 {
            _ = store.mustDo(
                .depositing(try Sample.deposit(sequence, collapseKey: "k\(sequence)")))
        }
        let results = store.mustDo(
            .depositing(
                try Sample.deposit(5, collapseKey: "k1"),
                try Sample.deposit(6, collapseKey: "k4"),
                try Sample.deposit(7, collapseKey: "k7"), onWire: 3))
        #expect(
            results.deposits == [
                .stored(dropped: []), .stored(dropped: [4]), .stored(dropped: []),
            ])
        #expect(store.mailboxSequences() == [1, 2, 3, 5, 6, 7])
        // The stream broke: two of one key may stay, the next deposit counts keys.
        let later = store.mustDo(.depositing(try Sample.deposit(8, collapseKey: "k8")))
        #expect(later.deposits == [.stored(dropped: [1, 2, 3])])
        #expect(store.mailboxSequences() == [5, 6, 7, 8])
    }

    @Test("A repeated batch brings back nothing that was replaced", arguments: StoreKind.allCases)
    func repeatedKeys(kind: StoreKind) throws {
        let store = try store(kind)
        _ = store.mustDo(.depositing(try Sample.deposit(1, collapseKey: "z")))
        var batch = StoreBatch.depositing(
            try Sample.deposit(2, collapseKey: "a"), try Sample.deposit(3, collapseKey: "a"),
            try Sample.deposit(4, collapseKey: "b"), try Sample.deposit(5, collapseKey: "c"),
            try Sample.deposit(6, collapseKey: "d"), try Sample.deposit(7, collapseKey: "e"))
        batch.downstream.removals = [MailboxKey(registration: 1, sequence: 5)]
        let first = store.mustDo(batch)
        #expect(
            first.deposits.map(\.dropped) == [[], [2], [], [], [1], [3]])
        #expect(store.mailboxSequences() == [4, 6, 7])
        let second = store.mustDo(batch)
        #expect(second.deposits.map(\.dropped) == [[], [2], [], [], [], [3]])
        #expect(store.mailboxSequences() == [4, 6, 7])
    }

    // MARK: Overflow

    @Test("The 101st message drops all of them and itself", arguments: StoreKind.allCases)
    func overflow(kind: StoreKind) throws {
        let store = try store(kind)
        _ = store.mustDo(try .depositing(1...100))
        _ = store.mustDo(.depositing(try Sample.deposit(101, collapseKey: "score")))
        #expect(store.mailboxSequences().count == 101 && store.mailbox().deletion == nil)

        let notice = DeletionNotice(registration: 1, total: 101, through: 101)
        let results = store.mustDo(.depositing(try Sample.deposit(102)))
        let dropped = Array(1...100) + [102] as [Int64]
        #expect(results.deposits == [.overflowed(dropped: dropped, notice)])
        #expect(store.mailboxSequences() == [101])
        #expect(store.mailbox().deletion == notice)
        #expect(store.mailbox(2).deletion == nil)

        _ = store.mustDo(.depositing(try Sample.deposit(103)))
        #expect(store.mailboxSequences() == [101, 103])
    }

    @Test("What is on the wire neither counts nor is dropped", arguments: StoreKind.allCases)
    func wireAndOverflow(kind: StoreKind) throws {
        let store = try store(kind)
        _ = store.mustDo(try .depositing(1...100))
        _ = store.mustDo(try .depositing(101...140, onWire: 40))
        #expect(store.mailboxSequences().count == 140)
        let results = store.mustDo(.depositing(try Sample.deposit(141), onWire: 40))
        let notice = DeletionNotice(registration: 1, total: 101, through: 101)
        #expect(results.deposits == [.overflowed(dropped: Array(41...141), notice)])
        #expect(store.mailboxSequences() == Array(1...40))
    }

    @Test("Totals add up until they are told", arguments: StoreKind.allCases)
    func totals(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .registered())
        _ = store.mustDo(try .depositing(1...101))
        let first = try #require(store.mailbox().deletion)
        _ = store.mustDo(try .depositing(102...202))
        let second = try #require(store.mailbox().deletion)
        #expect(first.total == 101 && second.total == 202)

        // The app was told of the first overflow only, twice.
        _ = store.mustDo(.telling(first))
        _ = store.mustDo(.telling(first))
        let rest = try #require(try lives.next().store.mailbox().deletion)
        #expect(rest.total == 101)
        _ = try lives.next().store.mustDo(.telling(rest))
        #expect(try lives.next().store.mailbox().deletion == nil)
        // Late news of the first takes nothing from the next.
        _ = try lives.next().store.mustDo(try .depositing(203...303))
        _ = try lives.next().store.mustDo(.telling(second))
        #expect(try lives.next().store.mailbox().deletion?.total == 101)
    }

    @Test("A repeated batch counts no message twice", arguments: StoreKind.allCases)
    func repeatedOverflow(kind: StoreKind) throws {
        let store = try store(kind)
        _ = store.mustDo(try .depositing(1...101))
        let notice = try #require(store.mailbox().deletion)
        _ = store.mustDo(try .depositing(102...200))

        var batch = try StoreBatch.depositing(201...205)
        batch.downstream.deletionsTold = [notice]
        let first = store.mustDo(batch).deposits
        let overflow = DeletionNotice(registration: 1, total: 202, through: 202)
        #expect(first[1] == .overflowed(dropped: Array(102...202), overflow))
        for _ in 1...2 {
            #expect(store.mailboxSequences() == [203, 204, 205])
            #expect(store.mailbox().deletion?.total == 101)
            let again = store.mustDo(batch).deposits
            #expect(again[0].dropped == [201] && again[1].dropped == [202])
            #expect(again[2...].allSatisfy { $0 == .stored(dropped: []) })
        }
    }

    @Test(
        "A repeated deposit that expired in its batch drops nothing", arguments: StoreKind.allCases)
    func repeatedExpiry(kind: StoreKind) throws {
        let store = try store(kind)
        _ = store.mustDo(try .depositing(1...60))
        var batch = try StoreBatch.depositing(62...150)
        batch.downstream.deposits.insert(try Sample.deposit(61, expiry: 5), at: 0)
        batch.expireBefore = Instant(nanoseconds: 10)
        for onWire in [60, 0] as [Int64] {
            // The stream broke before the batch was repeated.
            batch.downstream.onWire = [1: onWire]
            #expect(store.mustDo(batch).expiredDeposits.map(\.sequence) == [61])
            #expect(store.mailboxSequences().count == 149)
            #expect(store.mailbox().deletion == nil)
        }
    }
}
