/// What an app server remembers of a pair of token and message ID.
struct SeenPair: Sendable {
    /// A message of the pair: what was delivered with the same `data`.
    private struct Message {
        let fingerprint: DataFingerprint
        var deliveries = 0
        var isAcknowledged = false
    }

    /// Messages of one pair that are told apart; an earlier one comes again only after a crash of
    /// the relay, so a few are plenty.
    static let messagesRemembered = 8

    /// Deliveries of the pair, whichever message they were of.
    private(set) var attempts = 0
    /// The message that came last; nearly always the only one.
    private var latest: Message
    /// The others, the one that came last at the end.
    private var others: [Message] = []

    init(_ fingerprint: DataFingerprint) {
        latest = Message(fingerprint: fingerprint)
    }

    /// Counts a delivery; gives the number of deliveries of this very message, this one included.
    mutating func countDelivery(of fingerprint: DataFingerprint) -> Int {
        attempts += 1
        if latest.fingerprint != fingerprint { bringForward(fingerprint) }
        latest.deliveries += 1
        return latest.deliveries
    }

    /// Notes an ACK; gives whether it was the message's first.
    mutating func acknowledge(_ fingerprint: DataFingerprint) -> Bool {
        if latest.fingerprint == fingerprint {
            defer { latest.isAcknowledged = true }
            return !latest.isAcknowledged
        }
        guard let index = others.firstIndex(where: { $0.fingerprint == fingerprint })
        else { return true }
        defer { others[index].isAcknowledged = true }
        return !others[index].isAcknowledged
    }

    private mutating func bringForward(_ fingerprint: DataFingerprint) {
        let known = others.firstIndex { $0.fingerprint == fingerprint }
        let message = known.map { others.remove(at: $0) } ?? Message(fingerprint: fingerprint)
        others.append(latest)
        if others.count >= SeenPair.messagesRemembered { others.removeFirst() }
        latest = message
    }
}
