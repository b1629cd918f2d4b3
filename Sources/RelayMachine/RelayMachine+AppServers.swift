package import CloudMessaging

extension RelayMachine {
    /// Whether a sender may log in with a key; nil: yes.
    package func refusalOfLogin(sender: SenderID, key: String) -> LoginRefusal? {
        guard let projects = settings.projects else { return nil }
        guard let expected = projects[sender] else {
            let isExchanged = SenderID(key).flatMap { projects[$0] }?.hasSameBytes(as: sender.text)
            return isExchanged == true ? .exchanged : .unknownSender
        }
        guard !expected.hasSameBytes(as: key) else { return nil }
        if key.withoutBlanksAround.utf8.elementsEqual(expected.utf8) { return .keyWithBlanks }
        let owners = projects.keys.filter { projects[$0]?.hasSameBytes(as: key) == true }
        return owners.min { $0.text < $1.text }.map { .keyOf($0) } ?? .wrongKey
    }

    /// An app server bound a resource on its connection.
    package mutating func connectionBound(
        _ id: ConnectionID, sender: SenderID, now: Instant
    ) {
        let number = senderNumber(of: sender)
        let index = Int(number.rawValue)
        guard !isShuttingDown else {
            return effects.actions.append(.closeConnection(id, .shutdown))
        }
        guard senders[index].connections.count < settings.maxConnections else {
            return effects.actions.append(.closeConnection(id, .tooManyConnections))
        }
        connections[id] = number
        withQueue(of: id, now: now) { queue, effects in
            queue.bind(id, now: now, &effects)
        }
    }

    /// An app server's connection is gone, whoever ended it; harmless when it was never bound.
    package mutating func connectionClosed(_ id: ConnectionID, now: Instant) {
        withQueue(of: id, now: now) { queue, effects in
            queue.close(id, now: now, &effects)
        }
        connections[id] = nil
    }

    /// An app server ACKed a message on a connection.
    @discardableResult
    package mutating func acknowledged(
        _ pair: MessagePair, on id: ConnectionID, now: Instant
    ) -> AcknowledgementUse {
        var use = AcknowledgementUse.none
        withQueue(of: id, now: now) { queue, effects in
            use = queue.acknowledge(pair, on: id, now: now, &effects)
        }
        return use
    }

    /// The message that an ACK on a connection may settle, and how often it was sent; nil: none.
    package func inFlight(
        _ pair: MessagePair, on id: ConnectionID
    ) -> (message: UpstreamMessage, attempts: Int)? {
        guard let number = connections[id],
            let flight = senders[Int(number.rawValue)].pairs[pair]?.flight,
            flight.carriers[id] != nil
        else { return nil }
        return (flight.message, flight.attempts)
    }

    /// Announces draining on a connection and closes it when its ACKs are in (protocol sheet §3.6).
    package mutating func drain(_ id: ConnectionID, now: Instant) {
        withQueue(of: id, now: now) { queue, effects in
            queue.drain([id], .order, now: now, &effects)
        }
    }

    /// The transport of a connection takes bytes again, or takes none for now.
    package mutating func connectionBecameWritable(
        _ isWritable: Bool, _ id: ConnectionID, now: Instant
    ) {
        withQueue(of: id, now: now) { queue, effects in
            queue.setWritable(isWritable, id, now: now, &effects)
        }
    }

    /// The relay itself stopped reading a connection, or goes on.
    package mutating func connectionReading(
        _ isReading: Bool, _ id: ConnectionID, now: Instant
    ) {
        withQueue(of: id, now: now) { queue, _ in
            queue.setReading(isReading, id, now: now)
        }
    }

    /// An app server sent something, be it a blank; to be told only with an idle time-out.
    package mutating func heard(from id: ConnectionID, now: Instant) {
        withQueue(of: id, now: now) { queue, _ in
            queue.heard(from: id, now: now)
        }
    }

    /// Whether a connection is drained.
    package func isDraining(_ id: ConnectionID) -> Bool {
        guard let number = connections[id] else { return false }
        let queue = senders[Int(number.rawValue)]
        return queue.positions[id].map { queue.connections[$0].state != .open } ?? false
    }

    /// Lets the queue of a connection's sender handle an event; a connection that is not bound has
    /// none.
    private mutating func withQueue(
        of id: ConnectionID, now: Instant,
        _ handle: (inout SenderQueue, inout QueueEffects) -> Void
    ) {
        guard let number = connections[id] else { return }
        let index = Int(number.rawValue)
        handle(&senders[index], &effects)
        noteDeadline(ofSender: index)
        collectQueueEffects(now: now)
    }
}

extension String {
    fileprivate var withoutBlanksAround: String {
        let isBlank = { (character: Character) in character.isWhitespace }
        return String(drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }
}
