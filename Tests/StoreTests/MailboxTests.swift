import CloudMessaging
import MessageStore
import Testing

@Suite("Mailboxes, in every store")
struct MailboxTests {
    @Test("A mailbox is read in order, from a place, with a limit", arguments: StoreKind.allCases)
    func order(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .registered(2))
        let results = store.mustDo(
            .depositing(
                try Sample.deposit(3), try Sample.deposit(5, to: 2), try Sample.deposit(7),
                try Sample.deposit(9)))
        #expect(results.deposits == Array(repeating: .stored(dropped: []), count: 4))
        #expect(store.mailboxSequences() == [3, 7, 9])
        #expect(store.mailboxSequences(2) == [5])
        #expect(store.mailboxSequences(after: 3) == [7, 9])
        #expect(store.mailboxSequences(after: 3, limit: 1) == [7])
        #expect(store.mailboxSequences(3) == [])
        #expect(try lives.next().store.mailboxSequences() == [3, 7, 9])
    }

    @Test("Every field of a message comes back with its bytes", arguments: StoreKind.allCases)
    func bytes(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let keys: [String?] = ["caf\u{E9}", "cafe\u{301}", "", "nul\0byte", nil]
        let contents: [[UInt8]] = [
            #"{"a":"\u0000<&"}"#, "{}", "{ }", "{\"e\u{301}\":\"\u{E9}\"}", #"{"a":[1.50]}"#,
        ].map { Array($0.utf8) }
        var batch = try StoreBatch.registered()
        for (index, (key, content)) in zip(keys, contents).enumerated() {
            let template = DownstreamTemplate(
                sender: SenderNumber(rawValue: 1), id: try #require(MessageID("e\u{301}-\(index)")),
                topic: index == 1 ? TopicName("news~%") : nil, collapseKey: key, content: content,
                wantsReceipt: index == 2,
                timeToLive: 2_419_200, expiry: Instant(nanoseconds: .max - 1))
            let message = DownstreamMessage(
                sequence: Int64(index + 1), registration: try Sample.registration(),
                template: template)
            batch.downstream.deposits.append(message)
        }
        _ = try lives.next().store.mustDo(batch)
        let messages = try lives.next().store.mailbox().messages
        #expect(
            messages.map { $0.collapseKey.map { Array($0.utf8) } }
                == keys.map { $0.map { Array($0.utf8) } })
        #expect(messages.map(\.content) == contents)
        #expect(
            messages.map { Array($0.id.text.utf8) } == (0..<5).map { Array("e\u{301}-\($0)".utf8) })
        #expect(messages.map(\.topic?.text) == [nil, "news~%", nil, nil, nil])
        #expect(messages.map(\.wantsReceipt) == [false, false, true, false, false])
        #expect(messages.allSatisfy { $0.sender == SenderNumber(rawValue: 1) })
        #expect(messages.allSatisfy { $0.timeToLive == 2_419_200 })
        #expect(messages.allSatisfy { $0.expiry == Instant(nanoseconds: .max - 1) })
        #expect(messages.allSatisfy { $0.registration === messages[0].registration })
        #expect(messages.first?.registration.token == RegistrationToken("token-1"))
    }

    @Test("A message that is there stays as it is", arguments: StoreKind.allCases)
    func firstStays(kind: StoreKind) throws {
        let store = try StoreLives(kind).next().store
        _ = store.mustDo(try .registered())
        _ = store.mustDo(.depositing(try Sample.deposit(1)))
        let again = DownstreamMessage(
            sequence: 1, registration: try Sample.registration(),
            template: try Sample.template(id: "another"))
        let results = store.mustDo(.depositing(again))
        #expect(results.deposits == [.stored(dropped: [])])
        #expect(store.mailbox().messages.map(\.id.text) == ["d-1"])
    }

    @Test("Removals take what is there and pass over the rest", arguments: StoreKind.allCases)
    func removals(kind: StoreKind) throws {
        let store = try StoreLives(kind).next().store
        _ = store.mustDo(try .registered(2))
        _ = store.mustDo(try .depositing(1...4))
        var batch = StoreBatch()
        batch.downstream.removals = [(1, 4), (1, 2), (1, 77), (2, 1), (9, 1)]
            .map { MailboxKey(registration: $0, sequence: $1) }
        _ = store.mustDo(batch)
        _ = store.mustDo(batch)
        #expect(store.mailboxSequences() == [1, 3])
    }

    @Test("Questions see the mailbox before the batch's changes", arguments: StoreKind.allCases)
    func questionsFirst(kind: StoreKind) throws {
        let store = try StoreLives(kind).next().store
        _ = store.mustDo(try .registered())
        var batch = StoreBatch.readingMailbox()
        batch.downstream.deposits = [try Sample.deposit(1)]
        #expect(store.mustDo(batch).mailboxes.map(\.messages.count) == [0])
        #expect(store.mustDo(batch).mailboxes.map(\.messages.count) == [1])
    }

    @Test("What nobody can receive is not stored", arguments: StoreKind.allCases)
    func unregistered(kind: StoreKind) throws {
        let store = try StoreLives(kind).next().store
        var batch = try StoreBatch.registered()
        batch.downstream.deposits = [try Sample.deposit(1, to: 9), try Sample.deposit(2)]
        let results = store.mustDo(batch)
        #expect(results.deposits == [.unregistered, .stored(dropped: [])])
        #expect(store.mailboxSequences(9) == [])
    }

    @Test("Upstream and downstream share one ceiling of sequences", arguments: StoreKind.allCases)
    func ceiling(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let far = Limits.sequencesReserved * 4
        var batch = try StoreBatch.registered()
        batch.downstream.deposits = [try Sample.deposit(far)]
        _ = try lives.next().store.mustDo(batch)
        #expect(try lives.next().snapshot.firstSequence == far + 1)
        var topics = StoreBatch()
        topics.downstream.topicDeposits = [
            TopicDeposit(
                condition: .topic("news"), sequence: far * 2, template: try Sample.template())
        ]
        _ = try lives.next().store.mustDo(topics)
        #expect(try lives.next().snapshot.firstSequence == far * 2 + 1)
    }

    @Test("A batch that fails leaves no deposit and reports none", arguments: StoreKind.allCases)
    func failure(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .registered())
        try lives.fillDisk()
        let large = DataPayload([("k", String(repeating: "x", count: 4_000))]).json
        var batch = StoreBatch.asking("token-1")
        batch.downstream.deposits = try (1...100).map {
            DownstreamMessage(
                sequence: $0, registration: try Sample.registration(),
                template: try Sample.template(content: large))
        }
        let results = store.execute(batch)
        #expect(results.failure?.kind == .unavailable)
        #expect(results.tokens.count == 1 && results.deposits.isEmpty)
        #expect(store.mailboxSequences() == [])
        try lives.emptyDisk()
        #expect(store.mustDo(batch).deposits.count == 100)
        #expect(store.mailboxSequences() == Array(1...100))
    }
}
