import CloudMessaging
import DequeModule

/// The uploads of a device that the relay recognises: those of its last 64 stored ones, and those
/// on their way to the store (design decision 8).
///
/// They are stored in the order in which they came, so one number tells which ones are.
struct UploadMemory {
    enum Known: Equatable {
        case stored
        /// On its way to the store, in the batch with this number.
        case pending(batch: Int)
    }

    /// Oldest first: the stored ones, then those on their way.
    private var ids: Deque<UploadID>
    /// Counts the device's uploads since it came to memory; the first of `ids` has `firstNumber`.
    private var numbers: [UploadID: Int] = [:]
    private var firstNumber = 0
    private var storedCount: Int
    /// The batches of those on their way.
    private var pendingBatches: Deque<Int> = []

    init(stored: [UploadID]) {
        ids = Deque(stored.suffix(Limits.rememberedUploads))
        storedCount = ids.count
        for (number, id) in ids.enumerated() { numbers[id] = number }
    }

    subscript(id: UploadID) -> Known? {
        guard let number = numbers[id] else { return nil }
        let pendingIndex = number - firstNumber - storedCount
        return pendingIndex < 0 ? .stored : .pending(batch: pendingBatches[pendingIndex])
    }

    var hasPending: Bool { !pendingBatches.isEmpty }

    /// An upload that is not known starts on its way.
    mutating func begin(_ id: UploadID, batch: Int) {
        numbers[id] = firstNumber + ids.count
        ids.append(id)
        pendingBatches.append(batch)
    }

    /// The oldest upload on its way was stored.
    mutating func commitOldest() {
        guard pendingBatches.popFirst() != nil else { return }
        storedCount += 1
        guard storedCount > Limits.rememberedUploads else { return }
        numbers[ids.removeFirst()] = nil
        firstNumber += 1
        storedCount -= 1
    }

    /// The uploads to remember once everything on its way is stored, oldest first.
    var afterCommit: [UploadID] { Array(ids.suffix(Limits.rememberedUploads)) }
}
