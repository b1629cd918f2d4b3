package import CloudMessaging
internal import GRDB
package import MessageStore
internal import SQLiteSupport

/// A device's identity, tokens and pending messages in one SQLite file: what the library has
/// taken survives a crash and a power cut.
package final class DeviceOutbox: OutboxStore, Sendable {
    let file: SQLiteFile

    /// Opens the file, or makes it; one device at a time may have it open, in this process or
    /// another, and `close()` or the end of the process gives it free.
    package init(path: String) throws(StoreOpenError) {
        file = try SQLiteFile(path: path, format: .device)
    }

    package func open() throws(StoreFailure) -> OutboxSnapshot {
        var snapshot = OutboxSnapshot()
        try file.change { database in
            try OutboxWriter(database).beginLife()
            snapshot = try OutboxReader(database).snapshot()
        }
        return snapshot
    }

    package func execute(_ batch: OutboxBatch) -> StoreFailure? {
        guard !batch.isEmpty else { return nil }
        do throws(StoreFailure) {
            try file.change { database in
                let writer = OutboxWriter(database)
                if let identity = batch.newIdentity { try writer.replaceIdentity(identity) }
                try writer.dropRegistrations(of: batch.unregistered)
                try writer.replace(batch.registrations)
                try writer.insert(batch.added)
                try writer.markSent(batch.sent)
                try writer.remove(batch.removed)
                try writer.remember(batch.received)
                if let counter = batch.messageCounter {
                    try writer.raiseMessageCounter(to: counter)
                }
            }
            return nil
        } catch {
            return error
        }
    }

    /// Gives the file free for the next device; the outbox cannot be used any more.
    package func close() {
        file.close()
    }
}
