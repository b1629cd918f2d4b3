import CloudMessaging
import MessageStore
import Testing

@Suite("Topics, in every store")
struct TopicTests {
    private func subscribed(_ topics: [(String, [Int64])]) -> StoreBatch {
        var batch = StoreBatch()
        batch.downstream.subscriptions = topics.flatMap { topic, registrations in
            registrations.map {
                TopicSubscription(topic: topic, registration: $0, isSubscribed: true)
            }
        }
        return batch
    }

    private func deposit(
        _ condition: TopicCondition, sequence: Int64 = 1, sender: Int32 = 0,
        collapseKey: String? = nil
    ) throws -> StoreBatch {
        var batch = StoreBatch()
        batch.downstream.topicDeposits = [
            TopicDeposit(
                condition: condition, sequence: sequence,
                template: try Sample.template(collapseKey: collapseKey, sender: sender))
        ]
        return batch
    }

    @Test("A condition names each topic once, in order")
    func topics() {
        let condition = TopicCondition.or(
            .and(.topic("b"), .not(.topic("a"))), .and(.topic("b"), .topic("\u{E9}")))
        #expect(condition.topics == ["b", "a", "\u{E9}"])
        #expect(TopicCondition.and(.topic("\u{E9}"), .topic("e\u{301}")).topics.count == 2)
        #expect(condition.matches { $0 == "b" })
        #expect(!condition.matches { $0 == "b" && $0 == "a" || $0 == "a" })
        #expect(condition.matches { _ in true })
    }

    @Test(
        "A condition reaches those for whom it is true", arguments: StoreKind.allCases,
        [
            (TopicCondition.topic("a"), [1, 2]),
            (.topic("nothing"), []),
            (.and(.topic("a"), .topic("b")), [2]),
            (.or(.topic("a"), .topic("b")), [1, 2, 3]),
            (.and(.topic("a"), .not(.topic("b"))), [1]),
            (.not(.topic("a")), [3, 4]),
            (.not(.or(.topic("a"), .topic("b"))), [4]),
            (.not(.not(.topic("a"))), [1, 2]),
            (.or(.topic("b"), .not(.topic("a"))), [2, 3, 4]),
            (.and(.or(.topic("a"), .topic("b")), .or(.topic("b"), .topic("c"))), [1, 2, 3]),
            (.topic("\u{E9}"), [4]),
        ] as [(TopicCondition, [Int64])])
    func conditions(kind: StoreKind, example: (condition: TopicCondition, reached: [Int64])) throws
    {
        let store = try StoreLives(kind).next().store
        _ = store.mustDo(try .registered(4))
        _ = store.mustDo(
            subscribed([
                ("a", [1, 2]), ("b", [2, 3]), ("c", [1]), ("e\u{301}", [3]), ("\u{E9}", [4]),
            ]))
        let results = store.mustDo(try deposit(example.condition))
        #expect(results.topicDeposits == [TopicDepositResult(subscribers: example.reached)])
        #expect((1...4).filter { store.mailboxSequences($0) == [1] } == example.reached)
    }

    @Test("Only active registrations of the sender are reached", arguments: StoreKind.allCases)
    func senders(kind: StoreKind) throws {
        let store = try StoreLives(kind).next().store
        var batch = try StoreBatch.registered(4)
        batch.registrations[1] = try Sample.registration(2, senders: [1])
        batch.registrations[2] = try Sample.registration(3, isActive: false)
        // The ID of sender 0 is the beginning of this one.
        batch.registrations[3] = try Sample.registration(4, senders: [], other: "5550001112201")
        _ = store.mustDo(batch)
        _ = store.mustDo(subscribed([("a", [1, 2, 3, 4, 77])]))
        for condition in [TopicCondition.topic("a"), .not(.topic("b"))] {
            let reached = [(0, [1]), (1, [1, 2]), (2, []), (5, [])] as [(Int32, [Int64])]
            for (sender, registrations) in reached {
                let results = store.mustDo(try deposit(condition, sender: sender))
                #expect(
                    results.topicDeposits == [TopicDepositResult(subscribers: registrations)])
            }
        }
    }

    @Test("Subscriptions last, and end", arguments: StoreKind.allCases)
    func unsubscribed(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        _ = try lives.next().store.mustDo(try .registered(2))
        let subscription = subscribed([("a", [1, 2]), ("a", [1])])
        _ = try lives.next().store.mustDo(subscription)
        var end = StoreBatch()
        end.downstream.subscriptions = [
            TopicSubscription(topic: "a", registration: 1, isSubscribed: false),
            TopicSubscription(topic: "b", registration: 1, isSubscribed: false),
        ]
        let store = try lives.next().store
        _ = store.mustDo(end)
        _ = store.mustDo(end)
        let results = try store.mustDo(deposit(.topic("a")))
        #expect(results.topicDeposits.map(\.registrations) == [[2]])
    }

    @Test("More registrations than that are only counted", arguments: StoreKind.allCases)
    func many(kind: StoreKind) throws {
        let store = try StoreLives(kind).next().store
        let count = Limits.listedSubscribers
        _ = store.mustDo(try .registered(Int64(count + 1)))
        _ = store.mustDo(subscribed([("a", Array(1...Int64(count)))]))
        let listed = try store.mustDo(deposit(.topic("a"), sequence: 1))
        #expect(listed.topicDeposits.first?.registrations?.count == count)
        _ = store.mustDo(subscribed([("a", [Int64(count + 1)])]))
        let counted = try store.mustDo(deposit(.topic("a"), sequence: 2))
        #expect(counted.topicDeposits.map(\.count) == [count + 1])
        #expect(counted.topicDeposits.map(\.registrations) == [nil])
        #expect(store.mailboxSequences(Int64(count + 1)) == [2])
    }

    @Test("The rules of a mailbox hold for messages to topics too", arguments: StoreKind.allCases)
    func rules(kind: StoreKind) throws {
        let store = try StoreLives(kind).next().store
        _ = store.mustDo(try .registered(2))
        _ = store.mustDo(subscribed([("a", [1, 2])]))
        _ = store.mustDo(.depositing(try Sample.deposit(1, collapseKey: "k")))
        _ = try store.mustDo(deposit(.topic("a"), sequence: 2, collapseKey: "k"))
        #expect(store.mailboxSequences() == [2] && store.mailboxSequences(2) == [2])
        #expect(store.mailbox().messages.first?.registration.number == 1)

        _ = store.mustDo(try .depositing(3...102))
        _ = try store.mustDo(deposit(.topic("a"), sequence: 103))
        #expect(store.mailboxSequences() == [2] && store.mailbox().deletion?.total == 101)
        #expect(store.mailboxSequences(2) == [2, 103] && store.mailbox(2).deletion == nil)
    }

    @Test(
        "Deposits of both kinds are made in the order of their sequences",
        arguments: StoreKind.allCases)
    func mixed(kind: StoreKind) throws {
        let store = try StoreLives(kind).next().store
        _ = store.mustDo(try .registered())
        var batch = subscribed([("a", [1])])
        batch.downstream.deposits =
            try (1...101).map { try Sample.deposit($0) } + [try Sample.deposit(103)]
        batch.downstream.deposits.remove(at: 49)
        batch.downstream.topicDeposits = try [50, 102, 104].map {
            TopicDeposit(condition: .topic("a"), sequence: $0, template: try Sample.template())
        }
        for _ in 1...2 {
            _ = store.mustDo(batch)
            #expect(store.mailboxSequences() == [102, 103, 104])
            #expect(store.mailbox().deletion?.total == 101)
        }
    }

    @Test("A repeated batch reaches the same registrations", arguments: StoreKind.allCases)
    func repeated(kind: StoreKind) throws {
        let store = try StoreLives(kind).next().store
        _ = store.mustDo(try .registered(3))
        _ = store.mustDo(subscribed([("a", [1, 2])]))
        var batch = subscribed([("a", [3])])
        batch.downstream.subscriptions.append(
            TopicSubscription(topic: "a", registration: 1, isSubscribed: false))
        batch.downstream.topicDeposits = try deposit(.topic("a")).downstream.topicDeposits
        for _ in 1...2 {
            #expect(store.mustDo(batch).topicDeposits.map(\.registrations) == [[2, 3]])
        }
        #expect((1...3).map { store.mailboxSequences($0) } == [[], [1], [1]])
    }
}
