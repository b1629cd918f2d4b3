import CloudMessaging
import DequeModule

extension SenderQueue {
    /// How long a lane waits for a slot on its connection before it moves (design decision 10).
    static let patience = Duration.seconds(1)

    /// A lane reads from the store when it has fewer messages in memory.
    private static let lowWater = 64

    /// Sends what the lane has ready, in order, while there is room for it.
    mutating func pump(
        _ lane: Int, limit: Int = .max, now: Instant, _ effects: inout QueueEffects
    ) {
        var sent = 0
        while sent < limit, let message = lanes[lane].ready.first {
            guard message.expiry > now else {
                lanes[lane].ready.removeFirst()
                forgetExpired(message)
                continue
            }
            let isFresh = message.key > lanes[lane].highestTaken
            guard !(isFresh && lanes[lane].isFull) else { break }
            guard let position = connection(for: lane, now: now) else { break }
            lanes[lane].ready.removeFirst()
            if send(message, to: position, now: now, cause: .connectionLost, &effects) {
                sent += 1
            } else {
                pairs[message.pair]?.held.append(message)
                lanes[lane].heldCount += 1
            }
            if isFresh { lanes[lane].highestTaken = message.key }
        }
        if sent == limit, let id = lanes[lane].connection, let position = positions[id],
            !lanes[lane].ready.isEmpty
        {
            connections[position].blockedLanes |= 1 << lane
        }
        readMore(lane, &effects)
    }

    /// Sends a TTL 0 message to a connection with a free slot; false: there is none, or the pair
    /// is in flight already.
    mutating func sendNow(
        _ message: UpstreamMessage, now: Instant, _ effects: inout QueueEffects
    ) -> Bool {
        let own = lanes[message.key.lane.index].connection.flatMap { positions[$0] }
        guard let position = own.flatMap({ connections[$0].takesMessages ? $0 : nil }) ?? roomiest()
        else { return false }
        return send(message, to: position, now: now, cause: .connectionLost, &effects)
    }

    /// Sends a message that was sent before, because no ACK came: preferably elsewhere.
    mutating func retry(
        _ message: UpstreamMessage, after delay: Duration, now: Instant,
        _ effects: inout QueueEffects
    ) {
        guard let last = pairs[message.pair]?.flight?.latest else { return }
        if let position = roomiest(except: last) ?? retryPosition(last) {
            let cause = RetryCause.noAcknowledgement(after: delay)
            _ = send(message, to: position, now: now, cause: cause, &effects)
        } else {
            wait(message, &effects)
            lanes[message.key.lane.index].requeue([message])
        }
    }

    /// Takes a message off the wire until it is sent again.
    mutating func wait(_ message: UpstreamMessage, _ effects: inout QueueEffects) {
        guard pairs[message.pair]?.flight?.latest != nil else { return }
        pairs[message.pair]?.flight?.latest = nil
        lanes[message.key.lane.index].inFlight -= 1
        effects.counters.inFlight -= 1
    }

    // MARK: One attempt

    /// Writes a message to a connection; false: another message of its pair is in flight.
    private mutating func send(
        _ message: UpstreamMessage, to position: Int, now: Instant, cause: RetryCause,
        _ effects: inout QueueEffects
    ) -> Bool {
        guard
            let attempt = Self.record(
                message, in: &pairs[message.pair, default: PairRecord()],
                on: &connections[position], now: now, &effects)
        else { return false }
        if !attempt.wasOnWire {
            lanes[message.key.lane.index].inFlight += 1
            effects.counters.inFlight += 1
        }
        wake(at: connections[position].window.earliestDeadline)
        effects.counters.attempts += 1
        let connection = connections[position].id
        if attempt.number > 1 {
            effects.counters.redeliveries += 1
            effects.note(.redelivered(message, to: connection, attempt: attempt.number, cause))
        }
        effects.actions.append(.transmit(message, to: connection, attempt: attempt.number))
        return true
    }

    /// Notes an attempt in the pair and in the window; nil when another message of the pair is in
    /// flight.
    private static func record(
        _ message: UpstreamMessage, in record: inout PairRecord,
        on connection: inout AppServerConnection, now: Instant, _ effects: inout QueueEffects
    ) -> Attempt? {
        if let flight = record.flight, flight.message.key != message.key { return nil }
        var flight = record.flight ?? Flight(message: message)
        record.flight = nil
        flight.attempts += 1
        flight.sentAt = now
        var deadline = Instant.never
        if effects.settings.redelivery.retriesOnTimer, message.timeToLive > 0 {
            let delay = effects.settings.retry.delay(
                afterAttempt: flight.attempts, using: &effects.entropy)
            // The clock of an attempt stands still while the connection is not read; what was
            // paused is added when reading goes on.
            deadline = (connection.readingPausedSince ?? now) + delay
            flight.delay = delay
        }
        if flight.carriers.addCredit(on: connection.id) {
            if let slot = flight.carriers[connection.id]?.slot {
                connection.window.setDeadline(deadline, of: slot)
            }
        } else {
            let slot = connection.window.insert(message, deadline: deadline)
            flight.carriers.append(Carrier(connection: connection.id, credits: 1, slot: slot))
        }
        let wasOnWire = flight.latest != nil
        flight.latest = connection.id
        record.flight = flight
        return Attempt(number: flight.attempts, wasOnWire: wasOnWire)
    }

    private struct Attempt {
        /// Counted from 1.
        let number: Int
        /// Whether an earlier attempt still waits for its ACK.
        let wasOnWire: Bool
    }

    // MARK: Which connection

    /// Where the lane's next message goes: its own connection, or a new one when design decision 10
    /// lets it move; nil: it has to wait.
    private mutating func connection(for lane: Int, now: Instant) -> Int? {
        guard let id = lanes[lane].connection, let own = positions[id],
            connections[own].state == .open, !connections[own].isClosing
        else {
            guard let next = roomiest() ?? connections.firstIndex(where: { $0.state == .open })
            else { return nil }
            return settle(lane, on: next, now: now)
        }
        if connections.count > 1, lanes[lane].inFlight == 0 || isPatienceOver(lane, now: now),
            let next = roomiest(except: id),
            connections[next].window.count < connections[own].window.count
                || !connections[own].takesMessages
        {
            return settle(lane, on: next, now: now)
        }
        return settle(lane, on: own, now: now)
    }

    /// Makes a connection the lane's own; nil when it takes nothing now, and the lane waits there.
    private mutating func settle(_ lane: Int, on position: Int, now: Instant) -> Int? {
        if lanes[lane].connection != connections[position].id {
            unblock(lane)
            lanes[lane].connection = connections[position].id
        }
        guard connections[position].takesMessages else {
            connections[position].blockedLanes |= 1 << lane
            if lanes[lane].blockedSince == nil {
                lanes[lane].blockedSince = now
                if connections.count > 1 { wake(at: now + Self.patience) }
            }
            return nil
        }
        if lanes[lane].blockedSince != nil { unblock(lane) }
        return position
    }

    private func isPatienceOver(_ lane: Int, now: Instant) -> Bool {
        lanes[lane].blockedSince.map { $0 + Self.patience <= now } ?? false
    }

    /// The lane no longer waits for a slot.
    mutating func unblock(_ lane: Int) {
        lanes[lane].blockedSince = nil
        overdueLanes &= ~(1 << lane)
        if let id = lanes[lane].connection, let position = positions[id] {
            connections[position].blockedLanes &= ~(1 << lane)
        }
    }

    /// The connection with the most free slots; the longest bound one among equals.
    func roomiest(except other: ConnectionID? = nil) -> Int? {
        var best: Int?
        for position in connections.indices {
            guard connections[position].takesMessages, connections[position].id != other
            else { continue }
            if let current = best,
                connections[position].window.count >= connections[current].window.count
            {
                continue
            }
            best = position
        }
        return best
    }

    /// The connection that carried a message last, if it may carry it again: its slot is kept.
    private func retryPosition(_ id: ConnectionID) -> Int? {
        guard let position = positions[id] else { return nil }
        let connection = connections[position]
        return connection.state == .open && connection.isWritable && !connection.isClosing
            ? position : nil
    }

    // MARK: Slots and store

    /// A connection has room again: the lanes that wait for it take turns.
    mutating func serveBlockedLanes(
        of position: Int, now: Instant, _ effects: inout QueueEffects
    ) {
        while connections[position].takesMessages {
            let waiting = connections[position].blockedLanes | overdueLanes
            guard waiting != 0 else { return }
            let lane = waiting.nextBit(after: connections[position].lastServedLane)
            connections[position].lastServedLane = lane
            unblockForService(lane, on: position)
            pump(lane, limit: 1, now: now, &effects)
        }
    }

    private mutating func unblockForService(_ lane: Int, on position: Int) {
        connections[position].blockedLanes &= ~(1 << lane)
        guard overdueLanes & (1 << lane) != 0 else { return }
        unblock(lane)
        lanes[lane].connection = connections[position].id
    }

    /// Reads on in the store when the lane has little left in memory and somebody to send it to.
    mutating func readMore(_ lane: Int, _ effects: inout QueueEffects) {
        guard let span = lanes[lane].stored.first, !lanes[lane].isReading,
            lanes[lane].ready.count < Self.lowWater, !lanes[lane].isFull, !connections.isEmpty
        else { return }
        lanes[lane].isReading = true
        let read = LaneRead(
            lane: lanes[lane].id, after: span.after, through: span.through,
            limit: Limits.laneReadBatch)
        effects.reads.append(WantedRead(read: read, generation: lanes[lane].readGeneration))
    }
}

extension UInt16 {
    /// The lowest set bit above a position, else the lowest of all.
    fileprivate func nextBit(after position: Int) -> Int {
        let above = position >= 15 ? 0 : self & (UInt16.max << UInt16(position + 1))
        return (above != 0 ? above : self).trailingZeroBitCount
    }
}
