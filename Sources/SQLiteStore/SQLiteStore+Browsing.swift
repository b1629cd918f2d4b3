package import CloudMessaging
import MessageStore
internal import SQLiteSupport

extension SQLiteStore: BrowsableStore {
    package func page(from place: KeptPage.Place, limit: Int) throws(StoreFailure) -> KeptPage {
        try file.read { database in
            var reader = StoreReader(database)
            return try reader.page(from: place, limit: limit)
        }
    }

    package func messages(numbered number: Int64) throws(StoreFailure) -> [KeptMessage] {
        try file.read { database in
            var reader = StoreReader(database)
            return try reader.messages(numbered: number)
        }
    }

    package func registrations(
        after number: Int64, limit: Int
    ) throws(StoreFailure) -> [Registration] {
        try file.read { database in
            var reader = StoreReader(database)
            return try reader.registrations(after: number, limit: limit)
        }
    }
}
