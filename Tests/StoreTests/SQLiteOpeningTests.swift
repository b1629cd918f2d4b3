import CloudMessaging
import Foundation
import GRDB
import MessageStore
import SQLiteSupport
import Testing

@testable import SQLiteStore

@Suite("Opening a store's file")
struct SQLiteOpeningTests {
    private let directory = TemporaryDirectory()
    private var path: String { directory.file("relay.db") }

    private func refusal(_ path: String) -> StoreOpenError? {
        do throws(StoreOpenError) {
            try SQLiteStore(path: path).close()
            return nil
        } catch {
            return error
        }
    }

    @Test("Every commit is synced, the log is a write-ahead log, and free pages are not written")
    func pragmas() throws {
        let store = try SQLiteStore(path: path)
        let values = try store.file.read { database in
            try ["synchronous", "journal_mode", "locking_mode", "secure_delete"].map {
                try String.fetchOne(database, sql: "PRAGMA \($0)")
            }
        }
        #expect(values == ["2", "wal", "exclusive", "0"])
    }

    @Test("A path with signs that mean something in a URI is a path like others")
    func oddPath() throws {
        let odd = directory.file("a b?c#d%41&e;ü.db")
        try SQLiteStore(path: odd).close()
        #expect(FileManager.default.fileExists(atPath: odd))
        #expect(refusal(odd) == nil)
    }

    @Test("A second store on the file is refused at once, and welcome after the first is closed")
    func second() throws {
        let first = try SQLiteStore(path: path)
        let error = try #require(refusal(path))
        #expect(error.reason == .inUse)
        #expect(error.description.contains(path))
        // The refusal did not take the lock from the first one.
        #expect(refusal(path)?.reason == .inUse)
        #expect(first.execute(try .filled([1])).failure == nil)
        first.close()
        #expect(refusal(path) == nil)
    }

    @Test(
        "The process that has the file open is named",
        .enabled(if: (FileManager.default.contents(atPath: "/proc/locks")?.count ?? 0) > 0))
    func holder() throws {
        let first = try SQLiteStore(path: path)
        let pid = ProcessInfo.processInfo.processIdentifier
        #expect(refusal(path)?.description.contains("process \(pid)") == true)
        first.close()
    }

    @Test("A store that nobody holds any more gives its file free")
    func released() throws {
        _ = try SQLiteStore(path: path)
        #expect(refusal(path) == nil)
    }

    @Test("A missing directory is named")
    func missingDirectory() throws {
        let error = try #require(refusal(directory.file("missing/relay.db")))
        #expect(error.reason == .directoryMissing)
        #expect(error.description.contains(directory.file("missing")))
    }

    @Test("A directory is no store")
    func isDirectory() {
        #expect(refusal(directory.path)?.reason == .notADatabase)
    }

    @Test(
        "A directory without permission to write is told",
        .enabled(if: geteuid() != 0, "the superuser may write everywhere"))
    func readOnlyDirectory() throws {
        let manager = FileManager.default
        try manager.setAttributes([.posixPermissions: 0o500], ofItemAtPath: directory.path)
        defer {
            try? manager.setAttributes([.posixPermissions: 0o700], ofItemAtPath: directory.path)
        }
        #expect(refusal(path)?.reason == .notWritable)
    }

    @Test(
        "A file without permission to write is told, and nothing in it changes",
        .enabled(if: geteuid() != 0, "the superuser may write everywhere"))
    func readOnlyFile() throws {
        try SQLiteStore(path: path).close()
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: path)
        #expect(refusal(path)?.reason == .notWritable)
    }

    @Test(
        "A place where no file can be made is told",
        .enabled(if: FileManager.default.fileExists(atPath: "/proc/self")))
    func unwritablePlace() {
        #expect(refusal("/proc/relay.db")?.reason == .notWritable)
    }

    @Test("A file that is no database is refused and left as it was")
    func notADatabase() throws {
        let text = Data(String(repeating: "shopping list: milk, bread\n", count: 100).utf8)
        try text.write(to: URL(fileURLWithPath: path))
        #expect(refusal(path)?.reason == .notADatabase)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["relay.db"])
    }

    @Test("An empty file becomes a store")
    func emptyFile() throws {
        try Data().write(to: URL(fileURLWithPath: path))
        #expect(refusal(path) == nil)
    }

    @Test(
        "A database of another program is refused and left as it was",
        arguments: ["DELETE", "WAL"])
    func foreign(journalMode: String) throws {
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA journal_mode = \(journalMode)")
            try database.execute(sql: "CREATE TABLE recipe (name TEXT)")
        }
        try queue.close()
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        let error = try #require(refusal(path))
        #expect(error.reason == .foreign)
        #expect(error.description.contains("not a relay's store"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["relay.db"])
    }

    @Test("A store that a newer version wrote is refused")
    func newer() throws {
        let store = try SQLiteStore(path: path)
        try store.file.change { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('a later step')")
        }
        store.close()
        let error = try #require(refusal(path))
        #expect(error.reason == .newerSchema)
        #expect(error.description.contains("newer version"))
    }

    @Test("A damaged file is told as damaged")
    func damaged() throws {
        let store = try SQLiteStore(path: path)
        _ = store.execute(try .filled([1]))
        store.close()
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes.replaceSubrange(
            100..<bytes.count, with: Data(repeating: 0x5A, count: bytes.count - 100))
        try bytes.write(to: URL(fileURLWithPath: path))
        let error = try #require(refusal(path))
        #expect(error.reason == .failed)
        #expect(error.description.contains("is damaged"))
    }
}
