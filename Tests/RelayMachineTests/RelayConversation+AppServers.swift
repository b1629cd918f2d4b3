import CloudMessaging

@testable import RelayMachine

extension RelayConversation {
    /// An app server binds a connection; the first one is #1.
    @discardableResult
    func connect(_ sender: SenderID = .shop, isWritable: Bool = true) -> ConnectionID {
        lastConnection += 1
        let connection = ConnectionID(lastConnection)
        event {
            $0.connectionBound(connection, sender: sender, now: now)
            if !isWritable { $0.connectionBecameWritable(false, connection, now: now) }
        }
        return connection
    }

    func disconnect(_ connection: ConnectionID) {
        event { $0.connectionClosed(connection, now: now) }
    }

    func acknowledge(_ pair: MessagePair, on connection: ConnectionID) {
        event { $0.acknowledged(pair, on: connection, now: now) }
    }

    /// An app server sends a message down; the first ID is d-1 in most tests.
    func request(
        _ id: String, to addressee: String, on connection: ConnectionID, ttl: Int = 600,
        collapseKey: String? = nil, receipt: Bool = false, dryRun: Bool = false,
        needsAPNS: Bool = false
    ) {
        let target: DownstreamRequest.Target =
            if let topic = TopicName(address: addressee) {
                .topic(topic)
            } else if let condition = try? TopicCondition(parsing: addressee) {
                .condition(condition)
            } else {
                .registration(RegistrationToken(addressee))
            }
        let request = DownstreamRequest(
            target: target, addressee: addressee, id: MessageID(id)!, collapseKey: collapseKey,
            timeToLive: ttl, wantsReceipt: receipt, isDryRun: dryRun, needsAPNS: needsAPNS)
        event { $0.requested(request, on: connection, now: now) }
    }

    func drain(_ connection: ConnectionID) {
        event { $0.drain(connection, now: now) }
    }

    var counters: RelayCounters { machine.counters }

    func queue(of sender: SenderID = .shop) -> SenderQueue {
        guard let number = machine.senderNumbers[sender] else {
            fatalError("nobody knows \(sender)")
        }
        return machine.senders[Int(number.rawValue)]
    }

    func window(of connection: ConnectionID, sender: SenderID = .shop) -> Int {
        let queue = queue(of: sender)
        return queue.positions[connection].map { queue.connections[$0].window.count } ?? 0
    }

    /// Messages that the relay keeps in memory for a sender.
    func resident(of sender: SenderID = .shop) -> Int {
        queue(of: sender).lanes.reduce(0) { $0 + $1.ready.count }
    }
}
