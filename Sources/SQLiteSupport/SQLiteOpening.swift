internal import CSQLite
internal import Foundation
internal import GRDB
internal import GRDBSQLite
internal import MessageStore

/// Opens a database file: looks first, then locks, then writes.
struct SQLiteOpening {
    let path: String
    let format: SQLiteFormat

    /// Evaluated once in a process, before its first database is opened.
    private static let stopCountingMemory: Void = csqlite_stop_counting_memory()

    func run() throws(StoreOpenError) -> DatabaseQueue {
        Self.stopCountingMemory
        do {
            try checkDirectory()
            let isNew = try !holdsOurFormat()
            let queue = try lock()
            try queue.writeWithoutTransaction { database in
                if isNew { try mark(database) }
                try setUpLog(of: database)
                try checkVersion(of: database)
            }
            try format.migrator.migrate(queue)
            return queue
        } catch {
            throw SQLiteFailure.openError(error, on: path)
        }
    }

    // MARK: Look

    private func checkDirectory() throws {
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let directory = slash.map { String(path[...$0]) } ?? "."
        var isDirectory: ObjCBool = false
        let manager = FileManager.default
        let exists = manager.fileExists(atPath: directory, isDirectory: &isDirectory)
        guard exists, isDirectory.boolValue else {
            throw StoreOpenError(
                .directoryMissing, "\(path) cannot be made: there is no directory \(directory)")
        }
        guard
            !manager.fileExists(atPath: path, isDirectory: &isDirectory)
                || !isDirectory.boolValue
        else {
            throw StoreOpenError(.notADatabase, "\(path) is a directory: name a file")
        }
    }

    /// False when there is no file yet, or an empty one; throws when the file is not ours.
    ///
    /// SQLite reads the header with `immutable`: it takes no lock, makes no file and leaves the
    /// log of another program alone.
    private func holdsOurFormat() throws -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let size = attributes?[.size] as? NSNumber, size.int64Value > 0 else { return false }
        var allowed = CharacterSet.urlPathAllowed
        allowed.remove(charactersIn: "?#%;")
        let absolute = URL(fileURLWithPath: path).path
        let escaped = absolute.addingPercentEncoding(withAllowedCharacters: allowed) ?? absolute
        var connection: OpaquePointer?
        defer { sqlite3_close(connection) }
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        let flags = SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
        try check(sqlite3_open_v2("file:\(escaped)?immutable=1", &connection, flags, nil))
        try check(sqlite3_prepare_v2(connection, "PRAGMA application_id", -1, &statement, nil))
        let code = sqlite3_step(statement)
        guard code == SQLITE_ROW else { return try failed(code) }
        guard sqlite3_column_int(statement, 0) == format.applicationID else {
            throw StoreOpenError(
                .foreign, "\(path) is a database, but not \(format.name): name another file")
        }
        return true
    }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else { return try failed(code) }
    }

    private func failed<Value>(_ code: Int32) throws -> Value {
        throw DatabaseError(resultCode: ResultCode(rawValue: code))
    }

    // MARK: Lock

    /// Nobody is waited for: a file that is in use is an error at once.
    private func lock() throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .immediateError
        configuration.prepareDatabase { database in
            // Before the first access, so that the log's index stays in this process's memory.
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE")
            // SQLite opens a file that it may not write for reading only, and does not say so.
            guard sqlite3_db_readonly(database.sqliteConnection, "main") == 0 else {
                throw DatabaseError(resultCode: .SQLITE_READONLY)
            }
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    // MARK: Write

    /// Puts our mark into the header, still without a log: `holdsOurFormat` reads the file only.
    private func mark(_ database: Database) throws {
        try database.execute(sql: "PRAGMA application_id = \(format.applicationID)")
    }

    private func setUpLog(of database: Database) throws {
        // Not by GRDB's configuration: that would write into the file before it is checked, and
        // set `synchronous` back to NORMAL, which does not sync at a commit.
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode = WAL")
        guard mode == "wal" else {
            throw DatabaseError(
                resultCode: .SQLITE_CANTOPEN, message: "no write-ahead log, but \(mode ?? "none")")
        }
        try database.execute(sql: "PRAGMA synchronous = FULL")
        try database.execute(sql: "PRAGMA cache_size = -\(Self.cacheKiB)")
        // Some builds of SQLite overwrite what is deleted, and so write each page that gets free.
        try database.execute(sql: "PRAGMA secure_delete = OFF")
        // Pages that are written again and again go from the log to the file once for many commits.
        try database.execute(sql: "PRAGMA wal_autocheckpoint = \(Self.logPages)")
    }

    private func checkVersion(of database: Database) throws {
        guard try !format.migrator.hasBeenSuperseded(database) else {
            let advice = "use that version, or name another file"
            throw StoreOpenError(
                .newerSchema, "\(path) was written by a newer version of this program: \(advice)")
        }
    }

    /// Pages of the log, 4 KiB each, after which a commit moves them to the file.
    private static let logPages = 8_000

    /// Memory for pages: enough that the ends of all lanes of a busy store stay in it.
    private static let cacheKiB = 16_384
}
