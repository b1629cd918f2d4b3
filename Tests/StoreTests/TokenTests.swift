import CloudMessaging
import MessageStore
import Testing

@Suite("Tokens and the life of a registration, in every store")
struct TokenTests {
    private static let named = ["e\u{301}", "\u{E9}"]

    @Test("A token leads to its registration", arguments: StoreKind.allCases)
    func tokens(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        var batch = try StoreBatch.registered(2)
        batch.registrations.append(try Sample.registration(3, token: Self.named[0]))
        _ = try lives.next().store.mustDo(batch)
        let store = try lives.next().store
        let results = store.mustDo(.asking("token-2", "unknown", Self.named[0], Self.named[1]))
        let numbers =
            results.tokens.map { record in
                if case .registration(let registration) = record {
                    registration.number
                } else {
                    nil
                }
            } as [Int64?]
        #expect(numbers == [2, nil, 3, nil])
        let registration = try #require(store.registration(of: "token-2"))
        #expect(registration.token.text == "token-2" && registration.isActive)
        #expect(registration.category.text == "com.example.app")
        #expect(registration.senders == [try Sample.sender(0).id, try Sample.sender(1).id])
    }

    @Test("A superseded token leads to the newer one", arguments: StoreKind.allCases)
    func superseded(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .registered())
        _ = store.mustDo(.depositing(try Sample.deposit(1)))
        for (old, new) in [("token-1", "second"), ("second", "third")] {
            var refresh = StoreBatch()
            refresh.registrations = [try Sample.registration(1, token: new)]
            refresh.supersededTokens = [
                SupersededToken(token: RegistrationToken(old), registration: 1)
            ]
            _ = store.mustDo(refresh)
            _ = store.mustDo(refresh)
        }
        let next = try lives.next().store
        for token in ["token-1", "second", "third"] {
            #expect(next.registration(of: token)?.number == 1)
            #expect(next.registration(of: token)?.token.text == "third")
        }
        #expect(next.mailbox().messages.map(\.registration.token.text) == ["third"])
    }

    @Test("A replaced token that nobody superseded is unknown", arguments: StoreKind.allCases)
    func replaced(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        var batch = try StoreBatch.registered()
        batch.registrations.append(try Sample.registration(1, token: "renewed"))
        batch.supersededTokens = [
            SupersededToken(token: RegistrationToken("lost"), registration: 77)
        ]
        _ = store.mustDo(batch)
        #expect(store.registration(of: "token-1") == nil)
        #expect(store.registration(of: "renewed")?.number == 1)
        #expect(store.registration(of: "lost") == nil)
    }

    @Test("An app that unregisters loses its mailbox and its topics", arguments: StoreKind.allCases)
    func unregistered(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        var batch = try StoreBatch.registered(2)
        batch.supersededTokens = [
            SupersededToken(token: RegistrationToken("old"), registration: 1)
        ]
        batch.messages = [try Sample.message(900, origin: batch.registrations[0])]
        batch.downstream = try StoreBatch.depositing(1...102).downstream
        batch.downstream.deposits.append(try Sample.deposit(103, to: 2))
        batch.downstream.subscriptions = (1...2).map {
            TopicSubscription(topic: "a", registration: $0, isSubscribed: true)
        }
        _ = store.mustDo(batch)
        #expect(store.mailbox().deletion != nil && store.mailboxSequences() == [102])

        var end = StoreBatch()
        end.registrations = [try Sample.registration(1, isActive: false)]
        end.downstream.deposits = [try Sample.deposit(104), try Sample.deposit(105, to: 2)]
        end.downstream.topicDeposits = [
            TopicDeposit(
                condition: .topic("a"), sequence: 106, template: try Sample.template())
        ]
        for _ in 1...2 {
            let results = store.mustDo(end)
            #expect(results.deposits == [.unregistered, .stored(dropped: [])])
            #expect(results.topicDeposits == [TopicDepositResult(subscribers: [2])])
        }
        let next = try lives.next().store
        #expect(next.mailboxSequences() == [] && next.mailbox().deletion == nil)
        #expect(next.mailboxSequences(2) == [103, 105, 106])
        #expect(next.registration(of: "token-1")?.isActive == false)
        #expect(next.registration(of: "old")?.isActive == false)
        // What it sent is still sent, in its name.
        #expect(next.mustDo(.reading()).lanes.joined().map(\.pair.token.text) == ["token-1"])
        let device = try #require(next.mustDo(.loading(1)).devices.first ?? nil)
        #expect(device.registrations.map(\.number) == [2])
        #expect(try lives.next().snapshot.firstRegistration == 3)
    }

    @Test("An app that is active again begins with nothing", arguments: StoreKind.allCases)
    func activeAgain(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .registered())
        _ = store.mustDo(try .depositing(1...101))
        var batch = StoreBatch()
        batch.registrations = [
            try Sample.registration(1, isActive: false), try Sample.registration(1, token: "new"),
        ]
        batch.downstream = try StoreBatch.depositing(102...202).downstream
        for _ in 1...2 {
            _ = store.mustDo(batch)
            #expect(store.mailboxSequences() == [])
            #expect(store.mailbox().deletion?.total == 101)
        }
        let device = try #require(store.mustDo(.loading(1)).devices.first ?? nil)
        #expect(device.registrations.map(\.token.text) == ["new"])
    }
}
