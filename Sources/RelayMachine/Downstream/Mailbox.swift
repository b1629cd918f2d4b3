import CloudMessaging
import DequeModule

/// The mailbox of an app on a device that is online: what is next, and where to read on.
///
/// The store has all of it; a mailbox whose device is offline takes no memory at all.
struct Mailbox: Hashable {
    /// As it is now: a token may be refreshed meanwhile.
    var registration: Registration
    /// To be told next, before what is ready.
    var notice: DeletionNotice?
    /// To be delivered next, in order.
    var ready: Deque<DownstreamMessage> = []
    /// The last sequence that was put on the wire: deposits leave it and what is before it alone.
    var lastDelivered: Int64 = 0
    /// The last sequence that was in memory; what the store has beyond is read.
    var lastKnown: Int64 = 0
    /// How far notices of deletions were put on the wire: their `through`.
    var toldDeletions = 0
    /// Whether the store may hold messages beyond `lastKnown`.
    var hasMore = true
    /// A read of the store is under way.
    var isReading = false

    init(registration: Registration) {
        self.registration = registration
    }

    /// Whether something can be put on the wire.
    var hasNext: Bool { notice != nil || !ready.isEmpty }

    /// Whether there is too little in memory and more in the store.
    var wantsRead: Bool { hasMore && !isReading && !hasNext }

    /// A message is in the store: it is kept in memory if it is next in line.
    ///
    /// It may be known already: after an unknown outcome a read can find what is still to be
    /// answered.
    mutating func append(_ message: DownstreamMessage) {
        guard message.key.sequence > lastKnown else { return }
        guard !hasMore, ready.count < Limits.residentPerMailbox else {
            hasMore = true
            return
        }
        ready.append(message)
        lastKnown = message.key.sequence
    }

    /// What the store dropped for a newer message is not delivered any more.
    mutating func drop(_ sequences: [Int64]) {
        guard !sequences.isEmpty else { return }
        ready.removeAll { sequences.contains($0.key.sequence) }
    }

    /// Something was put in that may have displaced what is ready: all of it is read again.
    mutating func readAgain() {
        if !ready.isEmpty {
            ready = []
            lastKnown = lastDelivered
        }
        hasMore = true
    }

    /// Takes what a read of the store found, without what was confirmed since.
    mutating func take(
        _ messages: [DownstreamMessage], limit: Int, confirmed: ConfirmedDeliveries
    ) {
        isReading = false
        hasMore = messages.count == limit
        for message in messages where message.key.sequence > lastKnown {
            lastKnown = message.key.sequence
            if !confirmed.contains(message.key) { ready.append(message) }
        }
    }

    /// The part of a notice that the app is not told of yet; nil: nothing.
    func news(in notice: DeletionNotice?, confirmed: ConfirmedDeliveries) -> DeletionNotice? {
        guard let notice else { return nil }
        let told = max(toldDeletions, confirmed.deletions(of: notice.registration))
        let total = min(notice.total, notice.through - told)
        guard total > 0 else { return nil }
        return DeletionNotice(
            registration: notice.registration, total: total, through: notice.through)
    }
}

/// A read of a mailbox, and the stream that wants it.
struct WantedMailbox: Hashable {
    let read: MailboxRead
    let stream: DeviceStreamID
}
