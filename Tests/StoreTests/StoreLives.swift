import CloudMessaging
import GRDB
import MessageStore
import SQLiteSupport
import Testing

@testable import SQLiteStore

/// The stores that fill the seam; every test of `StoreTests` runs against each.
enum StoreKind: CaseIterable {
    case memory, sqlite
}

/// One store over its lives: `next()` ends the running one and begins another.
final class StoreLives {
    private let directory = TemporaryDirectory()
    private let memory: InMemoryStore?
    private var sqlite: SQLiteStore?

    init(_ kind: StoreKind) {
        memory = kind == .memory ? InMemoryStore() : nil
    }

    func next() throws -> (store: any MessageStore, snapshot: StoreSnapshot) {
        if let memory { return (memory, try memory.open()) }
        sqlite?.close()
        let store = try SQLiteStore(path: directory.file("relay.db"))
        sqlite = store
        return (store, try store.open())
    }

    /// From now on the store has no room for anything more.
    func fillDisk() throws {
        memory?.failure = StoreFailure(.unavailable, "no room on the disk of memory")
        try sqlite?.file.setRoom(.asItIs)
    }

    func emptyDisk() throws {
        memory?.failure = nil
        try sqlite?.file.setRoom(.plenty)
    }
}

extension SQLiteFile {
    /// Has SQLite itself refuse to let the file grow beyond so many pages.
    func setRoom(_ pages: SQLiteRoom) throws {
        try read { database in
            let limit =
                switch pages {
                case .asItIs: try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
                case .plenty: 1_073_741_823
                }
            try database.execute(sql: "PRAGMA max_page_count = \(limit)")
        }
    }
}

enum SQLiteRoom {
    case asItIs, plenty
}
