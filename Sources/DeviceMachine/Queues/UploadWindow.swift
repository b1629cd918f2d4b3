internal import CloudMessaging
internal import DequeModule

/// The uploads written on this link that the relay's cumulative answer does not yet cover.
struct UploadWindow {
    struct Upload {
        let number: Int64
        let id: UploadID
        /// Answered by itself; the cumulative answer must still count it.
        var isRefused = false
    }

    private var uploads: Deque<Upload> = []
    /// How many uploads of this link the cumulative answer covers.
    private(set) var covered = 0

    /// A refused upload holds its place until it is covered, so that the window is bounded
    /// whatever the relay refuses.
    var hasRoom: Bool { uploads.count < Limits.unansweredUploads }
    /// How many uploads were written on this link.
    var written: Int { covered + uploads.count }

    mutating func append(number: Int64, id: UploadID) {
        uploads.append(Upload(number: number, id: id))
    }

    /// Covers one more upload; the number of the message unless it was refused.
    mutating func coverNext() -> Int64? {
        let upload = uploads.removeFirst()
        covered += 1
        return upload.isRefused ? nil : upload.number
    }

    /// Notes a refusal; the number of the message, nil when there is no such unanswered upload.
    mutating func refuse(_ id: UploadID) -> Int64? {
        guard let index = uploads.firstIndex(where: { $0.id == id && !$0.isRefused })
        else { return nil }
        uploads[index].isRefused = true
        return uploads[index].number
    }

    /// Begins to count anew; the numbers of unanswered messages in the order of writing.
    mutating func reset() -> [Int64] {
        let unanswered = uploads.filter { !$0.isRefused }.map(\.number)
        uploads.removeAll(keepingCapacity: true)
        covered = 0
        return unanswered
    }
}
