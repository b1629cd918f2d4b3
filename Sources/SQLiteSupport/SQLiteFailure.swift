internal import CloudMessaging
internal import GRDB
internal import MessageStore

/// SQLite's errors as sentences about a file, for somebody who has to do something about them.
enum SQLiteFailure {
    /// An error while reading or changing an open file.
    static func failure(_ error: any Error, on path: String, isCommitting: Bool) -> StoreFailure {
        guard let error = error as? DatabaseError else {
            return StoreFailure(.broken, sentence(error, on: path))
        }
        let isUnknown = isCommitting && !leavesNothing(error.resultCode)
        guard isUnknown else {
            return StoreFailure(
                isDamage(error.resultCode) ? .broken : .unavailable, sentence(error, on: path))
        }
        let outcome = "whether the last changes are stored is not known"
        return StoreFailure(.unknownOutcome, "\(sentence(error, on: path)); \(outcome)")
    }

    /// An error while opening a file.
    static func openError(_ error: any Error, on path: String) -> StoreOpenError {
        if let error = error as? StoreOpenError { return error }
        let reason: StoreOpenError.Reason =
            switch (error as? DatabaseError)?.resultCode {
            case .SQLITE_BUSY, .SQLITE_LOCKED: .inUse
            case .SQLITE_NOTADB: .notADatabase
            case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: .notWritable
            default: .failed
            }
        return StoreOpenError(reason, sentence(error, on: path))
    }

    /// Whether waiting will hardly help.
    private static func isDamage(_ code: ResultCode) -> Bool {
        switch code {
        case .SQLITE_IOERR, .SQLITE_CORRUPT, .SQLITE_NOTADB: true
        default: false
        }
    }

    /// Whether a COMMIT that failed so has surely not put its mark into the log.
    private static func leavesNothing(_ code: ResultCode) -> Bool {
        switch code {
        case .SQLITE_FULL, .SQLITE_BUSY, .SQLITE_READONLY, .SQLITE_CONSTRAINT, .SQLITE_MISUSE: true
        default: false
        }
    }

    private static func sentence(_ error: any Error, on path: String) -> String {
        guard let error = error as? DatabaseError else {
            return "\(path) is damaged: \(error); move it away to begin with an empty one"
        }
        let code = "SQLite error \(error.extendedResultCode.rawValue)"
        let detail = error.message.map { "\(code): \($0)" } ?? code
        switch error.resultCode {
        case .SQLITE_FULL:
            return "no room on the disk of \(path): free some; what runs goes on by itself"
        case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH:
            return "\(path) cannot be written: check who owns the file and its directory, "
                + "and whether the disk is mounted read-only (\(detail))"
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return "\(path) is in use by \(holder(of: path)): only one at a time may have it open"
        case .SQLITE_NOTADB:
            return "\(path) is not a database: name another file, or move this one away"
        case .SQLITE_CORRUPT:
            return "\(path) is damaged: move it away to begin with an empty one (\(detail))"
        case .SQLITE_IOERR:
            return "reading or writing \(path) failed: the system's log may say why (\(detail))"
        case .SQLITE_MISUSE:
            return "\(path) was closed already (\(detail))"
        default:
            return "\(path) could not be used (\(detail))"
        }
    }

    private static func holder(of path: String) -> String {
        FileHolder.processID(ofLockOn: path).map { "process \($0)" } ?? "another process"
    }
}
