import CloudMessaging
import DequeModule

/// The uploads of a device that the relay recognises: those of its last 64 stored ones, and those
/// on their way to the store, 64 at most (design decision 8).
///
/// They are so few that looking through their hashes costs less than keeping a table of them; and
/// they are stored in the order in which they came, so one count tells which ones are.
struct UploadMemory {
    enum Known: Equatable {
        case stored
        /// On its way to the store, in the batch with this number.
        case pending(batch: Int)
    }

    /// Oldest first: the stored ones, then those on their way.
    private var ids: Deque<UploadID>
    /// Of `ids`, in the same order.
    private var hashes: Deque<Int>
    private var storedCount: Int
    /// The batches of those on their way.
    private var pendingBatches: Deque<Int> = []

    init(stored: [UploadID]) {
        ids = Deque(stored.suffix(Limits.rememberedUploads))
        hashes = Deque(ids.map(\.hashValue))
        storedCount = ids.count
    }

    subscript(id: UploadID) -> Known? {
        let hash = id.hashValue
        guard let index = hashes.indices.first(where: { hashes[$0] == hash && ids[$0] == id })
        else { return nil }
        return index < storedCount ? .stored : .pending(batch: pendingBatches[index - storedCount])
    }

    var hasPending: Bool { !pendingBatches.isEmpty }

    /// An upload that is not known starts on its way.
    mutating func begin(_ id: UploadID, batch: Int) {
        ids.append(id)
        hashes.append(id.hashValue)
        pendingBatches.append(batch)
    }

    /// The oldest upload on its way was stored.
    mutating func commitOldest() {
        guard pendingBatches.popFirst() != nil else { return }
        guard storedCount == Limits.rememberedUploads else {
            storedCount += 1
            return
        }
        ids.removeFirst()
        hashes.removeFirst()
    }

    /// The uploads to remember once everything on its way is stored, oldest first.
    var afterCommit: [UploadID] { Array(ids.suffix(Limits.rememberedUploads)) }
}
