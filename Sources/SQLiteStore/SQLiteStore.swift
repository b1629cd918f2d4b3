package import CloudMessaging
internal import GRDB
package import MessageStore
internal import SQLiteSupport

/// The relay's store in one SQLite file: what it has confirmed survives a crash and a power cut.
package final class SQLiteStore: MessageStore, Sendable {
    let file: SQLiteFile

    /// Opens the file, or makes it; one store at a time may have it open, in this process or
    /// another, and `close()` or the end of the process gives it free.
    package init(path: String) throws(StoreOpenError) {
        file = try SQLiteFile(path: path, format: .relay)
    }

    package func open() throws(StoreFailure) -> StoreSnapshot {
        var snapshot = StoreSnapshot()
        try file.change { database in
            snapshot = try StoreReader(database).snapshot()
            snapshot.life += 1
            let ceiling = snapshot.firstSequence + Limits.sequencesReserved
            try StoreWriter(database).beginLife(snapshot.life, sequenceCeiling: ceiling)
        }
        return snapshot
    }

    package func execute(_ batch: StoreBatch) -> StoreResults {
        var results = StoreResults()
        do throws(StoreFailure) {
            if !batch.laneReads.isEmpty || !batch.deviceLoads.isEmpty {
                try file.read { database in
                    var reader = StoreReader(database)
                    results.lanes = try batch.laneReads.map { try reader.messages(of: $0) }
                    results.devices = try batch.deviceLoads.map { try reader.device($0) }
                }
            }
            if batch.hasChanges {
                try file.change { try change($0, as: batch, results: &results) }
            }
        } catch {
            // After an unknown outcome the removals may be durable: a repeat would find nothing.
            if error.kind == .unavailable { results.expired = [] }
            results.nextExpiry = nil
            results.failure = error
        }
        return results
    }

    /// Gives the file free for the next relay; the store cannot be used any more.
    package func close() {
        file.close()
    }

    private func change(
        _ database: Database, as batch: StoreBatch, results: inout StoreResults
    ) throws {
        let writer = StoreWriter(database)
        try writer.insert(batch.newSenders)
        try writer.insert(batch.newDevices)
        try writer.replace(batch.registrations)
        try writer.insert(batch.messages)
        try writer.update(batch.recentUploads)
        try writer.remove(batch.removals)
        if let now = batch.expireBefore {
            var reader = StoreReader(database)
            results.expired = try reader.messagesExpired(at: now)
            try writer.remove(results.expired.map(\.key))
            results.nextExpiry = try reader.nextExpiry()
        }
        // A sequence may come back in no later life, whoever forgot to raise the ceiling.
        let free = batch.messages.map { $0.key.sequence + 1 }.max() ?? 0
        try writer.raiseSequenceCeiling(to: max(free, batch.sequenceCeiling ?? 0))
    }
}
