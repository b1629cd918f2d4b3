package import CloudMessaging
package import GRDB
package import MessageStore

/// One database file of ours, held by this process alone until it is closed or the process ends.
///
/// The lock is SQLite's own (`locking_mode = EXCLUSIVE`): it is there at once or refused at once,
/// and the kernel drops it with the process, however that ends. Every committed transaction is on
/// the disk (write-ahead log, `synchronous = FULL`).
package final class SQLiteFile: Sendable {
    package let path: String
    private let queue: DatabaseQueue

    /// Opens the file, makes it when it does not exist, and brings its schema up to date.
    ///
    /// A file that is not of this format is left as it was, byte by byte.
    package init(path: String, format: SQLiteFormat) throws(StoreOpenError) {
        self.path = path
        queue = try SQLiteOpening(path: path, format: format).run()
    }

    /// Reads the file.
    package func read<Value>(
        _ questions: (Database) throws -> Value
    ) throws(StoreFailure) -> Value {
        do {
            return try queue.writeWithoutTransaction(questions)
        } catch {
            throw SQLiteFailure.failure(error, on: path, isCommitting: false)
        }
    }

    /// Changes the file in one transaction: all of it is durable on return, or nothing is done.
    package func change(_ changes: (Database) throws -> Void) throws(StoreFailure) {
        var isCommitting = false
        do {
            try queue.writeWithoutTransaction { database in
                try database.inTransaction(.immediate) {
                    try changes(database)
                    isCommitting = true
                    return .commit
                }
            }
        } catch {
            throw SQLiteFailure.failure(error, on: path, isCommitting: isCommitting)
        }
    }

    /// Moves what is in the log into the file and gives it free; whoever uses it later is refused.
    package func close() {
        // Nothing is lost when this fails: the log stays beside the file and is read at the next
        // opening.
        try? queue.close()
    }
}
