import CloudMessaging
import Foundation
import GRDB
import MessageStore
import Testing

@testable import SQLiteStore
@testable import SQLiteSupport

@Suite("What a store's file keeps")
struct SQLiteDurabilityTests {
    private let directory = TemporaryDirectory()

    @Test("All that was confirmed is there after a crash")
    func crash() throws {
        let store = try SQLiteStore(path: directory.file("relay.db"))
        let first = try store.open()
        _ = store.mustDo(try .filled([1, 2, 3]))
        _ = store.mustDo(.removing([2]))
        // Not closed: the copy is what a crash at this moment leaves.
        try directory.copyDatabase("relay.db", to: "crashed.db")

        let next = try SQLiteStore(path: directory.file("crashed.db"))
        let second = try next.open()
        #expect(second.life == first.life + 1)
        #expect(second.messageCount == 2)
        #expect(next.sequences() == [1, 3])
    }

    @Test("A closed store has everything in one file")
    func close() throws {
        let store = try SQLiteStore(path: directory.file("relay.db"))
        _ = store.mustDo(try .filled([1, 2]))
        store.close()
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["relay.db"])
        #expect(try SQLiteStore(path: directory.file("relay.db")).open().messageCount == 2)
    }

    @Test("A closed store refuses, and says why")
    func closed() throws {
        let store = try SQLiteStore(path: directory.file("relay.db"))
        store.close()
        let failure = try #require(store.execute(try .filled([1])).failure)
        #expect(failure.kind == .unavailable)
        #expect(failure.description.contains("was closed"))
    }

    @Test("A message whose registration is gone is left out, and the changes are made")
    func orphan() throws {
        let store = try SQLiteStore(path: directory.file("relay.db"))
        var orphan = StoreBatch()
        orphan.newSenders = [try Sample.sender(0)]
        orphan.messages = [try Sample.message(1, origin: Sample.registration(77))]
        _ = store.mustDo(orphan)
        var batch = StoreBatch.reading()
        batch.newDevices = [Sample.device()]
        let results = store.mustDo(batch)
        #expect(results.lanes.map(\.count) == [0])
        #expect(results.damagedRows.first?.description.contains("registration 77") == true)
        #expect(store.mustDo(.loading(1)).devices.map { $0 == nil } == [false])
    }

    @Test("Nothing counts as expired when its removal fails")
    func expiryThatFails() throws {
        let store = try SQLiteStore(path: directory.file("relay.db"))
        _ = store.mustDo(try .filled([1]))
        try store.file.read { database in
            try database.execute(
                sql: """
                    CREATE TEMP TRIGGER refusal BEFORE DELETE ON message
                    BEGIN SELECT RAISE(ABORT, 'refused'); END
                    """)
        }
        let results = store.execute(.expiring(at: .max))
        #expect(results.failure?.kind == .unavailable)
        #expect(results.expired.isEmpty)
        #expect(store.sequences() == [1])
    }

    @Test("A transaction that broke off leaves the store usable")
    func rollback() throws {
        struct Interruption: Error {}
        let store = try SQLiteStore(path: directory.file("relay.db"))
        #expect(throws: StoreFailure.self) {
            try store.file.change { database in
                try database.execute(sql: "INSERT INTO sender VALUES (0, '1')")
                throw Interruption()
            }
        }
        #expect(try store.open().senders.isEmpty)
    }

    @Test(
        "Errors are sentences, and only a broken commit leaves the outcome open",
        arguments: [
            (ResultCode.SQLITE_FULL, true, StoreFailure.Kind.unavailable, "no room on the disk of"),
            (.SQLITE_IOERR_FSYNC, true, .unknownOutcome, "whether the last changes are stored"),
            (.SQLITE_IOERR_WRITE, false, .broken, "reading or writing"),
            (.SQLITE_BUSY, true, .unavailable, "is in use by"),
            (.SQLITE_READONLY, false, .unavailable, "cannot be written"),
            (.SQLITE_CORRUPT, false, .broken, "is damaged"),
            (.SQLITE_NOTADB, false, .broken, "is not a database"),
            (.SQLITE_NOMEM, true, .unknownOutcome, "could not be used"),
        ])
    func sentences(
        code: ResultCode, isCommitting: Bool, kind: StoreFailure.Kind, words: String
    ) {
        let failure = SQLiteFailure.failure(
            DatabaseError(resultCode: code), on: "/var/relay.db", isCommitting: isCommitting)
        #expect(failure.kind == kind)
        #expect(failure.description.contains(words))
        #expect(failure.description.contains("/var/relay.db"))
    }
}
