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
            if batch.hasQuestions {
                results = try file.read { try answers(to: batch, from: $0) }
            }
            if batch.hasChanges {
                try file.change { try change($0, as: batch, results: &results) }
            }
        } catch {
            // After an unknown outcome the removals may be durable: a repeat would find nothing.
            if error.kind != .unknownOutcome { results.withdrawChanges() }
            results.nextExpiry = nil
            results.failure = error
        }
        return results
    }

    /// Gives the file free for the next relay; the store cannot be used any more.
    package func close() {
        file.close()
    }

    /// All of them or, when one fails, none.
    private func answers(
        to batch: StoreBatch, from database: Database
    ) throws -> StoreResults {
        var results = StoreResults()
        var reader = StoreReader(database)
        results.lanes = try batch.laneReads.map { try reader.messages(of: $0) }
        results.devices = try batch.deviceLoads.map { try reader.device($0) }
        results.tokens = try batch.tokenLoads.map { try reader.record(of: $0) }
        results.mailboxes = try batch.mailboxReads.map { try reader.content(of: $0) }
        return results
    }

    private func change(
        _ database: Database, as batch: StoreBatch, results: inout StoreResults
    ) throws {
        let writer = StoreWriter(database)
        try writer.insert(batch.newSenders)
        try writer.insert(batch.newDevices)
        try writer.replace(batch.registrations)
        try writer.insert(batch.supersededTokens)
        try writer.insert(batch.messages)
        try writer.update(batch.recentUploads)
        try writer.remove(batch.removals)
        try writer.change(batch.downstream, results: &results)
        if let now = batch.expireBefore {
            var reader = StoreReader(database)
            results.expired = try reader.messagesExpired(at: now)
            try writer.remove(results.expired.map(\.key))
            let room = Limits.expiryBatch - results.expired.count
            results.expiredDeposits = try reader.depositsExpired(at: now, limit: room)
            try MailboxWriter(database).remove(results.expiredDeposits)
            results.nextExpiry = try reader.nextExpiry()
        }
        // A sequence may come back in no later life, whoever forgot to raise the ceiling.
        let last = max(
            batch.messages.lazy.map(\.key.sequence).max() ?? 0, batch.downstream.lastSequence ?? 0)
        try writer.raiseSequenceCeiling(to: max(last + 1, batch.sequenceCeiling ?? 0))
    }
}

extension StoreResults {
    /// Nothing was changed.
    fileprivate mutating func withdrawChanges() {
        expired = []
        expiredDeposits = []
        deposits = []
        topicDeposits = []
        groupChanges = []
    }
}
