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
                try make(batch, results: &results)
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

    private func make(
        _ batch: StoreBatch, results: inout StoreResults
    ) throws(StoreFailure) {
        do throws(StoreFailure) {
            try file.change { try change($0, as: batch, results: &results) }
        } catch {
            guard error.kind == .broken, batch.expireBefore != nil else { throw error }
            // It may be what has expired that cannot be read: then it stays, and holds up nobody.
            results.withdrawChanges()
            results.nextExpiry = nil
            var rest = batch
            rest.expireBefore = nil
            try file.change { try change($0, as: rest, results: &results) }
            results.damagedRows.append(
                DamagedRow("what has expired could not be removed: \(error.description)"))
        }
    }

    /// All of them or, when the file cannot be read, none; what is damaged is left out.
    private func answers(
        to batch: StoreBatch, from database: Database
    ) throws -> StoreResults {
        var results = StoreResults()
        var reader = StoreReader(database)
        results.lanes = try batch.laneReads.map { try reader.messages(of: $0) }
        results.devices = try batch.deviceLoads.map { try reader.device($0) }
        results.tokens = try batch.tokenLoads.map { try reader.record(of: $0) }
        results.mailboxes = try batch.mailboxReads.map { try reader.content(of: $0) }
        results.damagedRows = reader.damagedRows
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
        if let now = batch.expireBefore { try expire(database, at: now, results: &results) }
        // A sequence may come back in no later life, whoever forgot to raise the ceiling.
        let last = max(
            batch.messages.lazy.map(\.key.sequence).max() ?? 0, batch.downstream.lastSequence ?? 0)
        try writer.raiseSequenceCeiling(to: max(last + 1, batch.sequenceCeiling ?? 0))
    }

    /// Removes what has expired, damaged or not.
    private func expire(
        _ database: Database, at now: Instant, results: inout StoreResults
    ) throws {
        var reader = StoreReader(database)
        let messages = try reader.messagesExpired(at: now)
        try StoreWriter(database).remove(sequences: messages.map(\.sequence))
        results.expired = messages.compactMap(\.message)
        results.expiredDamaged = messages.count - results.expired.count
        let deposits = try reader.depositsExpired(
            at: now, limit: Limits.expiryBatch - messages.count)
        let mailboxes = try MailboxWriter(database)
        results.expiredDeposits = deposits.compactMap(\.self)
        try mailboxes.remove(results.expiredDeposits)
        if deposits.count > results.expiredDeposits.count { try mailboxes.removeUnaddressed() }
        results.nextExpiry = try reader.nextExpiry()
        results.damagedRows += reader.damagedRows
    }
}

extension StoreResults {
    /// Nothing was changed.
    fileprivate mutating func withdrawChanges() {
        expired = []
        expiredDamaged = 0
        expiredDeposits = []
        deposits = []
        topicDeposits = []
        groupChanges = []
    }
}
