import CloudMessaging
import Foundation
import GRDB
import MessageStore
import SQLiteSupport
import Testing

@testable import SQLiteStore

/// Files that were edited behind the relay's back, or went bad.
@Suite("Damaged rows of a store")
struct DamageTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.file("relay.db") }

    /// A closed store: a device with an app, messages 1 to 3 up and 4 to 6 down, on which somebody
    /// has worked with SQL; opened again.
    private func damaged(by edit: String) throws -> SQLiteStore {
        let store = try SQLiteStore(path: path)
        _ = try store.open()
        _ = store.mustDo(try .filled([1, 2, 3]))
        _ = store.mustDo(try .depositing(4...6))
        store.close()
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { try $0.execute(sql: edit) }
        try queue.close()
        let again = try SQLiteStore(path: path)
        _ = try again.open()
        return again
    }

    /// Asks for everything and changes something: what is sound is answered and done.
    private func askAll(_ store: SQLiteStore, limit: Int = 2) throws -> StoreResults {
        var batch = StoreBatch.reading(limit: limit)
        batch.mailboxReads = [MailboxRead(registration: 1, after: 0, limit: limit)]
        batch.deviceLoads = [DeviceID(1)]
        batch.tokenLoads = [RegistrationToken("token-1")]
        batch.newDevices = [Sample.device(2)]
        let results = store.mustDo(batch)
        #expect(results.lanes.count == 1 && results.mailboxes.count == 1)
        #expect(results.devices.count == 1 && results.tokens.count == 1)
        #expect(store.mustDo(.loading(2)).devices.compactMap(\.self).count == 1)
        return results
    }

    @Test(
        "A damaged message to a device is named and left out; the mailbox goes on behind it",
        arguments: [
            "message_id = ''", "message_id = x'ff41'", "sender = 77", "sender = -1",
            "sender = 5000000000", "sender = 'x'", "ttl = 'soon'", "ttl = -9223372036854775808",
            "ttl = 9223372036854775807", "expiry = 'never'", "wants_receipt = 'x'",
            "topic = 'a b'", "topic = x'00'", "collapse_key = x'ff'", "content = x'7b'",
            "content = ''", "content = '[]'", "content = 7", "content = x'7b22ff223a317d'",
            "content = CAST('{\"a\":\"' || char(65535) || '\"}' AS BLOB)",
        ])
    func mailbox(edit: String) throws {
        let store = try damaged(by: "UPDATE delivery SET \(edit) WHERE sequence = 5")
        let results = try askAll(store)
        #expect(results.mailboxes.first?.messages.map(\.key.sequence) == [4, 6])
        #expect(results.lanes.joined().map(\.key.sequence) == [1, 2])
        let column = edit.prefix { $0 != " " }
        let row = try #require(results.damagedRows.first)
        #expect(row.description.hasPrefix("\(column) of row 1, 5 of table delivery is not usable"))
        #expect(results.damagedRows.count == 1)
    }

    @Test(
        "A damaged message to an app server is named and left out; the lane goes on behind it",
        arguments: [
            "message_id = ''", "message_id = x'ff41'", "registration = 'x'", "kind = 9",
            "ttl = 'soon'", "ttl = 86401", "expiry = 'x'", "data = x'7b'", "data = '{\"a\":1'",
            "data = x'7b22ff223a317d'",
        ])
    func lane(edit: String) throws {
        let store = try damaged(by: "UPDATE message SET \(edit) WHERE sequence = 2")
        let results = try askAll(store)
        #expect(results.lanes.joined().map(\.key.sequence) == [1, 3])
        #expect(results.mailboxes.first?.messages.map(\.key.sequence) == [4, 5])
        let column = edit.prefix { $0 != " " }
        let row = try #require(results.damagedRows.first)
        #expect(row.description.hasPrefix("\(column) of row 2 of table message is not usable"))
        #expect(results.damagedRows.count == 1)
    }

    @Test(
        "A damaged device is unknown, so that its login is refused; others log in",
        arguments: ["secret_hash = ''", "recent_uploads = x'ff'", "recent_uploads = 'a \u{1}'"])
    func device(edit: String) throws {
        let store = try damaged(by: "UPDATE device SET \(edit)")
        let results = try askAll(store)
        #expect(results.devices.map { $0 == nil } == [true])
        #expect(results.mailboxes.first?.messages.map(\.key.sequence) == [4, 5])
        let column = edit.prefix { $0 != " " }
        #expect(
            results.damagedRows.map(\.description)
                == ["\(column) of row 1 of table device is not usable"])
    }

    @Test(
        "Of a damaged registration nothing is known; its device logs in without it",
        arguments: [
            "category = ''", "category = x'ff'", "token = x'ff'", "senders = 'a,b'",
            "device = 'x'", "is_active = 'x'",
        ])
    func registration(edit: String) throws {
        let store = try damaged(by: "UPDATE registration SET \(edit) WHERE number = 1")
        let results = try askAll(store)
        #expect(results.devices.first??.registrations.isEmpty == true)
        #expect(results.tokens.map { $0 == nil } == [true])
        #expect(results.lanes.joined().isEmpty && results.mailboxes.first?.messages.isEmpty == true)
        let column = edit.prefix { $0 != " " }
        #expect(
            results.damagedRows.contains {
                $0.description == "\(column) of row 1 of table registration is not usable"
            })
    }

    @Test(
        "A damaged message expires without its name, and holds up neither writes nor others",
        arguments: [
            "message SET message_id = ''", "message SET registration = 77",
            "message SET lane = 'x'",
            "message SET lane = 99999", "message SET lane = -1", "message SET kind = 9",
            "message SET ttl = 'x'", "message SET expiry = 'x'",
            "message SET expiry = 'x', ttl = 90000",
            "message SET sequence = 4611686018427387904",
        ])
    func expiry(edit: String) throws {
        let store = try damaged(by: "UPDATE \(edit) WHERE sequence = 2")
        var batch = StoreBatch.expiring(at: 100_000_000_000_000)
        batch.newDevices = [Sample.device(2)]
        let results = store.mustDo(batch)
        #expect(results.expired.map(\.key.sequence).filter { $0 != 2 } == [1, 3])
        #expect(results.expired.count + results.expiredDamaged == 3)
        #expect(results.damagedRows.count == 1)
        #expect(results.expiredDeposits.count == 3)
        #expect(results.nextExpiry == nil)
        #expect(try store.open().messageCount == 0)
        #expect(store.mustDo(.loading(2)).devices.compactMap(\.self).count == 1)
    }

    @Test(
        "A damaged message in a mailbox expires likewise",
        arguments: ["content = 7", "message_id = ''", "sequence = 'x'", "registration = 'x'"])
    func mailboxExpiry(edit: String) throws {
        let store = try damaged(by: "UPDATE delivery SET \(edit) WHERE sequence = 5")
        let results = store.mustDo(.expiring(at: 2_000_000))
        #expect(results.expired.count == 3 && results.nextExpiry == nil)
        #expect(store.mustDo(.expiring(at: 2_000_000)).expiredDeposits.isEmpty)
        #expect(store.mailboxSequences().isEmpty)
    }

    @Test("An expiry that is none, of a message in a mailbox, wakes nobody for ever")
    func endless() throws {
        let store = try damaged(by: "UPDATE delivery SET expiry = 'x'")
        #expect(store.mustDo(.expiring(at: 2_000_000)).nextExpiry == nil)
        #expect(store.mustDo(.readingMailbox()).damagedRows.count == 3)
    }

    @Test("Numbers of a mailbox that cannot be are taken for what they can be at most")
    func tally() throws {
        let store = try damaged(
            by: """
                INSERT INTO deletion VALUES
                    (1, 9223372036854775807, -9223372036854775808, 'x')
                """)
        #expect(try askAll(store).mailboxes.first?.messages.count == 2)
        _ = store.mustDo(try .depositing(7...120))
        #expect(store.mailbox().deletion != nil)
    }

    @Test("A file with bad pages answers what it can, and takes what needs none of them")
    func pages() throws {
        let store = try damaged(by: "")
        let (page, size) = try store.file.read { database in
            (
                try #require(
                    try Int.fetchOne(
                        database,
                        sql: "SELECT rootpage FROM sqlite_master WHERE name = 'delivery'")),
                try #require(try Int.fetchOne(database, sql: "PRAGMA page_size"))
            )
        }
        store.close()
        let file = try #require(FileHandle(forUpdatingAtPath: path))
        try file.seek(toOffset: UInt64((page - 1) * size))
        try file.write(contentsOf: Data(repeating: 0xEE, count: size))
        try file.close()

        let again = try SQLiteStore(path: path)
        _ = try again.open()
        let results = try askAll(again, limit: 3)
        #expect(results.lanes.joined().map(\.key.sequence) == [1, 2, 3])
        #expect(results.mailboxes.first?.messages.isEmpty == true)
        #expect(results.damagedRows.count == 1)
        #expect(results.damagedRows.first?.description.contains("cannot be read") == true)

        var batch = StoreBatch.expiring(at: 2_000_000)
        batch.messages = [try Sample.message(10, origin: Sample.registration())]
        let swept = again.mustDo(batch)
        #expect(swept.expired.isEmpty && swept.damagedRows.count == 1)
        #expect(again.sequences() == [1, 2, 3, 10])
    }
}
