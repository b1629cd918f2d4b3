import CloudMessaging
import DequeModule

/// The uploads of a device that the relay recognises: those of its last 64 stored ones, and those
/// on their way to the store (design decision 8).
struct UploadMemory {
    enum Known {
        case stored
        /// On its way to the store, in the batch with this number.
        case pending(batch: Int)
    }

    private var states: [UploadID: Known] = [:]
    private var stored: Deque<UploadID> = []
    /// In the order in which they came.
    private var pending: Deque<UploadID> = []

    init(stored: [UploadID]) {
        for id in stored.suffix(Limits.rememberedUploads) {
            self.stored.append(id)
            states[id] = .stored
        }
    }

    subscript(id: UploadID) -> Known? { states[id] }

    var hasPending: Bool { !pending.isEmpty }

    mutating func begin(_ id: UploadID, batch: Int) {
        states[id] = .pending(batch: batch)
        pending.append(id)
    }

    /// The oldest upload on its way was stored.
    mutating func commitOldest() {
        guard let id = pending.popFirst() else { return }
        states[id] = .stored
        stored.append(id)
        if stored.count > Limits.rememberedUploads, let forgotten = stored.popFirst() {
            states[forgotten] = nil
        }
    }

    /// The uploads to remember once everything on its way is stored, oldest first.
    var afterCommit: [UploadID] {
        let keptStored = max(0, Limits.rememberedUploads - pending.count)
        return Array(stored.suffix(keptStored)) + pending.suffix(Limits.rememberedUploads)
    }
}
