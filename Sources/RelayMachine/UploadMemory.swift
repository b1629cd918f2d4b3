import CloudMessaging

/// The uploads of a device that the relay recognises: those of its last 64 stored ones, and those
/// on their way to the store, 64 at most (design decision 8).
///
/// They are so few that looking through their hashes costs less than keeping a table of them; and
/// they are stored in the order in which they came, so two counts tell which ones are.
struct UploadMemory: Hashable {
    enum Known: Hashable {
        case stored
        /// On its way to the store, in the batch with this number.
        case pending(batch: Int)
    }

    private struct Entry: Hashable {
        let hash: UInt64
        let id: UploadID
        /// The batch in which it goes, or went, to the store.
        let batch: Int
    }

    /// Oldest first: some that are forgotten, the stored ones, then those on their way.
    private var entries: [Entry]
    /// Where those begin that are remembered, and those on their way.
    private var firstRemembered = 0
    private var firstPending: Int

    init(stored: [UploadID]) {
        entries = stored.suffix(Limits.rememberedUploads).map {
            Entry(hash: UploadMemory.hash($0), id: $0, batch: 0)
        }
        firstPending = entries.count
    }

    subscript(id: UploadID) -> Known? {
        let hash = Self.hash(id)
        for index in firstRemembered..<entries.count
        where entries[index].hash == hash && entries[index].id == id {
            return index < firstPending ? .stored : .pending(batch: entries[index].batch)
        }
        return nil
    }

    private static func hash(_ id: UploadID) -> UInt64 { FNV1a.hash(id.text) }

    var hasPending: Bool { firstPending < entries.count }

    /// An upload that is not known starts on its way.
    mutating func begin(_ id: UploadID, batch: Int) {
        entries.append(Entry(hash: Self.hash(id), id: id, batch: batch))
    }

    /// The oldest upload on its way was stored.
    mutating func commitOldest() {
        guard hasPending else { return }
        firstPending += 1
        firstRemembered = max(firstRemembered, firstPending - Limits.rememberedUploads)
        // Now and then, so that the rest does not move for each one.
        guard firstRemembered > Limits.rememberedUploads else { return }
        entries.removeFirst(firstRemembered)
        firstPending -= firstRemembered
        firstRemembered = 0
    }

    /// The uploads to remember once everything on its way is stored, oldest first.
    var afterCommit: [UploadID] { entries.suffix(Limits.rememberedUploads).map(\.id) }
}
