import CloudMessaging
import GRDB
import MessageStore
import SQLiteSupport
import Testing

@testable import SQLiteStore

@Suite("Stores of earlier versions")
struct SQLiteMigrationTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.file("relay.db") }

    /// What the version with steps up to that one left when it was closed.
    private func makeStore(step: String, _ content: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            let format = SQLiteFormat.relay
            try database.execute(sql: "PRAGMA application_id = \(format.applicationID)")
            try database.execute(sql: "PRAGMA journal_mode = WAL")
        }
        try SQLiteFormat.relay.migrator.migrate(queue, upTo: step)
        try queue.writeWithoutTransaction { try $0.execute(sql: content) }
        try queue.close()
    }

    @Test("A store without mailboxes keeps what it has, and gets them")
    func withoutMailboxes() throws {
        try makeStore(
            step: "1",
            """
            UPDATE meta SET life = 6, sequence_ceiling = 700;
            INSERT INTO sender VALUES (0, '555000111220'), (1, '555000111221');
            INSERT INTO device VALUES (1, x'0102', 'upload-1 upload-2');
            INSERT INTO registration VALUES
                (1, 1, 'com.example.app', 'token-1', '555000111220 555000111221'),
                (2, 1, 'com.example.other', 'token-2', '555000111221');
            INSERT INTO message VALUES
                (5, \(Sample.lane.rawValue), 2, 'm-5', 60, 1000, '{}');
            """)
        let store = try SQLiteStore(path: path)
        let snapshot = try store.open()
        #expect(snapshot.life == 7 && snapshot.firstSequence == 700)
        #expect(snapshot.firstRegistration == 3 && snapshot.messageCount == 1)
        #expect(snapshot.nextExpiry == Instant(nanoseconds: 1_000))
        #expect(store.mustDo(.reading()).lanes.joined().map(\.pair.token.text) == ["token-2"])
        let device = try #require(store.mustDo(.loading(1)).devices.first ?? nil)
        #expect(device.recentUploads == (try Sample.uploads(1...2)))
        #expect(device.registrations.map(\.number) == [1, 2])

        #expect(store.registration(of: "token-2")?.number == 2)
        #expect(store.registration(of: "token-2")?.isActive == true)
        var batch = StoreBatch()
        batch.downstream.subscriptions = [
            TopicSubscription(topic: "a", registration: 2, isSubscribed: true)
        ]
        batch.downstream.deposits = [try Sample.deposit(701)]
        batch.downstream.topicDeposits = [
            TopicDeposit(
                condition: .topic("a"), sequence: 702, template: try Sample.template(sender: 1))
        ]
        let results = store.mustDo(batch)
        #expect(results.deposits == [.stored(dropped: [])])
        #expect(results.topicDeposits == [TopicDepositResult(subscribers: [2])])
        #expect(store.mailboxSequences() == [701] && store.mailboxSequences(2) == [702])
    }

    @Test("What waited in a mailbox before topics were noted is there, from no topic")
    func withoutTopics() throws {
        try makeStore(
            step: "3",
            """
            INSERT INTO sender VALUES (0, '555000111220');
            INSERT INTO device VALUES (1, x'0102', '');
            INSERT INTO registration VALUES
                (1, 1, 'com.example.app', 'token-1', '555000111220', 1);
            INSERT INTO delivery VALUES (1, 5, 0, 'k', 'd-5', 1, 60, 1000, CAST('{}' AS BLOB));
            """)
        let store = try SQLiteStore(path: path)
        _ = try store.open()
        let message = try #require(store.mailbox().messages.first)
        #expect(message.id.text == "d-5" && message.topic == nil)
    }
}
