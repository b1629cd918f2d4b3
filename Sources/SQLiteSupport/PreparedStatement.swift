package import GRDB
internal import GRDBSQLite

/// A cached statement, bound and stepped on SQLite's own handle.
///
/// GRDB prepares and keeps the statement. Beneath it we bind bytes in place instead of arrays of
/// boxed values, which takes a third off the cost of a row, and give every text its length: GRDB
/// ends a text at the first NUL byte. Positions count from 1, columns from 0, as in SQLite.
package struct PreparedStatement {
    private let handle: SQLiteStatement

    /// The statement is valid as long as the connection is open.
    package init(_ sql: String, in database: Database) throws {
        handle = try database.cachedStatement(sql: sql).sqliteStatement
    }

    // MARK: Parameters

    package func bind(_ value: Int64, at position: Int32) throws {
        try check(sqlite3_bind_int64(handle, position, value))
    }

    /// SQLite copies the text.
    package func bind(_ text: String, at position: Int32) throws {
        var text = text
        try text.withUTF8 { try bindText($0, at: position, destructor: .copied) }
    }

    /// SQLite copies the text; nil is NULL.
    package func bind(_ text: String?, at position: Int32) throws {
        guard let text else { return try check(sqlite3_bind_null(handle, position)) }
        try bind(text, at: position)
    }

    /// SQLite copies the list.
    package func bind(_ words: WordList, at position: Int32) throws {
        try words.bytes.withUnsafeBufferPointer {
            try bindText($0, at: position, destructor: .copied)
        }
    }

    /// The bytes of a text; they must stay in place until the statement has run.
    package func bind(borrowedText text: UnsafeBufferPointer<UInt8>, at position: Int32) throws {
        try bindText(text, at: position, destructor: .borrowed)
    }

    /// The bytes of a blob; they must stay in place until the statement has run.
    package func bind(borrowedBlob blob: UnsafeBufferPointer<UInt8>, at position: Int32) throws {
        guard let start = blob.baseAddress, !blob.isEmpty else {
            // A null pointer would be bound as NULL.
            return try check(sqlite3_bind_zeroblob(handle, position, 0))
        }
        try check(sqlite3_bind_blob(handle, position, start, Int32(blob.count), nil))
    }

    private func bindText(
        _ text: UnsafeBufferPointer<UInt8>, at position: Int32, destructor: Destructor
    ) throws {
        guard let start = text.baseAddress, !text.isEmpty else {
            return try check(sqlite3_bind_text(handle, position, "", 0, Destructor.copied.function))
        }
        try start.withMemoryRebound(to: CChar.self, capacity: text.count) {
            let count = Int32(text.count)
            try check(sqlite3_bind_text(handle, position, $0, count, destructor.function))
        }
    }

    // MARK: Execution

    /// Runs a statement that returns no rows.
    package func run() throws {
        while try next() {}
    }

    /// Runs a statement and hands over each row while it stands.
    package func forEachRow(_ body: (PreparedStatement) throws -> Void) throws {
        try whileRows { row in
            try body(row)
            return true
        }
    }

    /// Runs a statement and hands over each row while it stands, until one is the last that is
    /// wanted.
    package func whileRows(_ wantsMore: (PreparedStatement) throws -> Bool) throws {
        do {
            while try next() {
                guard try wantsMore(self) else {
                    sqlite3_reset(handle)
                    return
                }
            }
        } catch {
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement that returns at most one row.
    package func firstRow<Value>(_ body: (PreparedStatement) throws -> Value) throws -> Value? {
        var value: Value?
        try forEachRow { value = try body($0) }
        return value
    }

    /// Steps to the next row; false, and ready to run again, after the last.
    private func next() throws -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW:
            return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        case let code:
            // Read the message before the reset: a statement that failed must not stay active.
            let error = lastError(code)
            sqlite3_reset(handle)
            throw error
        }
    }

    private func check(_ code: Int32) throws {
        guard code == SQLITE_OK else { throw lastError(code) }
    }

    private func lastError(_ code: Int32) -> DatabaseError {
        let message = sqlite3_errmsg(sqlite3_db_handle(handle)).map { String(cString: $0) }
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message)
    }

    // MARK: Columns of the current row

    package func int64(_ column: Int32) -> Int64 {
        sqlite3_column_int64(handle, column)
    }

    /// Nil when the column is NULL.
    package func text(_ column: Int32) -> String? {
        guard let start = sqlite3_column_text(handle, column) else { return nil }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Nil unless the column holds an integer.
    package func integer(_ column: Int32) -> Int64? {
        sqlite3_column_type(handle, column) == SQLITE_INTEGER ? int64(column) : nil
    }

    /// Nil unless the column holds a text in well-formed UTF-8.
    package func wellFormedText(_ column: Int32) -> String? {
        guard sqlite3_column_type(handle, column) == SQLITE_TEXT else { return nil }
        return String(validating: bytes(column), as: UTF8.self)
    }

    /// Empty when the column is NULL.
    package func bytes(_ column: Int32) -> [UInt8] {
        let start = sqlite3_column_blob(handle, column)
        let count = Int(sqlite3_column_bytes(handle, column))
        return Array(UnsafeRawBufferPointer(start: start, count: count))
    }

    package func isNull(_ column: Int32) -> Bool {
        sqlite3_column_type(handle, column) == SQLITE_NULL
    }
}

/// What SQLite does with bound bytes; the C macros for it are not imported.
private enum Destructor {
    case borrowed, copied

    var function: sqlite3_destructor_type? {
        switch self {
        case .borrowed: nil
        case .copied: unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        }
    }
}
