internal import CloudMessaging

/// A message without an answer, and where it is.
struct TrackedMessage {
    enum Place {
        /// On its way to the outbox; not yet durable.
        case storing
        /// In the machine's queue.
        case waiting
        /// In its app's queue, until the app has its token.
        case blocked
        /// Uploaded on this link, unanswered.
        case onWire
    }

    let message: PendingMessage
    /// Index of its app.
    let app: Int
    var place: Place

    var isStored: Bool { message.timeToLive > 0 }
}

extension PendingMessage {
    var reference: MessageReference {
        MessageReference(number: number, category: category, id: id)
    }
}
