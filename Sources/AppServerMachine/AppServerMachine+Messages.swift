package import CloudMessaging
import DequeModule
import OrderedCollections

extension AppServerMachine {
    /// A message came on a connection.
    package mutating func received(
        _ message: ReceivedMessage, on id: AppServerConnectionID, now: Instant
    ) {
        guard let connection = connections.index(forKey: id),
            connections.values[connection].carriesMessages
        else { return }
        counters.deliveries += 1
        let fingerprint = DataFingerprint(message.data)
        let place = seen.touch(message.pair, insert: SeenPair(fingerprint))
        let delivery = seen[place].countDelivery(of: fingerprint)
        actions.append(.upstream(message, on: id, attempt: seen[place].attempts))
        switch settings.acknowledgedBy {
        case .application:
            guard
                connections.values[connection].unanswered.count < settings.unansweredPerConnection
            else { return }
            connections.values[connection].unanswered.append(message.pair, fingerprint)
        case .policy(.always):
            acknowledgeByPolicy(message.pair, fingerprint, on: id, now: now)
        case .policy(.never):
            skip(message.pair)
        case .policy(.skip(let count)):
            if delivery > count {
                acknowledgeByPolicy(message.pair, fingerprint, on: id, now: now)
            } else {
                skip(message.pair)
            }
        case .policy(.after(let delay)):
            delayed.append(
                DelayedAcknowledgement(
                    due: now + delay, pair: message.pair, fingerprint: fingerprint, connection: id))
        }
    }

    /// The application ACKs a delivery; only the connection that carried it will do. Without such
    /// a delivery nothing is sent, and the ACK is counted as dropped.
    package mutating func acknowledge(_ pair: MessagePair, on id: AppServerConnectionID) {
        guard let connection = connections.index(forKey: id),
            let fingerprint = connections.values[connection].unanswered.removeOldest(of: pair)
        else {
            counters.droppedAcknowledgements += 1
            return
        }
        acknowledge(pair, fingerprint, on: id)
    }

    mutating func acknowledge(
        _ pair: MessagePair, _ fingerprint: DataFingerprint, on id: AppServerConnectionID
    ) {
        counters.acknowledgements += 1
        if let place = seen.place(of: pair) {
            if seen[place].acknowledge(fingerprint) { counters.distinctAcknowledged += 1 }
        } else {
            // So many others came since that the pair is forgotten.
            counters.distinctAcknowledged += 1
        }
        actions.append(.acknowledge(pair, on: id))
        actions.append(.acknowledged(pair, distinct: counters.distinctAcknowledged))
    }

    /// Keeps back the ACKs of the policy while the application cannot keep up, or gives them out
    /// again: the relay's window closes, and answers and receipts pass nevertheless.
    package mutating func holdAcknowledgements(_ isHolding: Bool, now: Instant) {
        isHoldingAcknowledgements = isHolding
        deadlineReached(now: now)
    }

    private mutating func acknowledgeByPolicy(
        _ pair: MessagePair, _ fingerprint: DataFingerprint, on id: AppServerConnectionID,
        now: Instant
    ) {
        guard isHoldingAcknowledgements else { return acknowledge(pair, fingerprint, on: id) }
        delayed.append(
            DelayedAcknowledgement(
                due: now, pair: pair, fingerprint: fingerprint, connection: id))
    }

    private mutating func skip(_ pair: MessagePair) {
        counters.skipped += 1
        actions.append(.skipped(pair))
    }
}
