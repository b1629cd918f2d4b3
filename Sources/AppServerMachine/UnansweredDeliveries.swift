import CloudMessaging

/// The deliveries on one connection that the application has not ACKed yet.
///
/// The relay credits ACKs of a pair to its attempts on the connection, oldest first (design
/// decision 7). So does this, and an ACK too many is found here and not by the relay.
struct UnansweredDeliveries: Sendable {
    /// Deliveries of one pair, oldest first; a second one is rare.
    private struct Deliveries {
        var oldest: DataFingerprint
        var later: [DataFingerprint] = []
    }

    private var deliveries: [MessagePair: Deliveries] = [:]
    private(set) var count = 0

    mutating func append(_ pair: MessagePair, _ fingerprint: DataFingerprint) {
        count += 1
        if deliveries[pair]?.later.append(fingerprint) == nil {
            deliveries[pair] = Deliveries(oldest: fingerprint)
        }
    }

    /// Takes out the oldest delivery of a pair; nil: there is none.
    mutating func removeOldest(of pair: MessagePair) -> DataFingerprint? {
        guard let index = deliveries.index(forKey: pair) else { return nil }
        count -= 1
        let oldest = deliveries.values[index].oldest
        if deliveries.values[index].later.isEmpty {
            deliveries.remove(at: index)
        } else {
            deliveries.values[index].oldest = deliveries.values[index].later.removeFirst()
        }
        return oldest
    }
}
