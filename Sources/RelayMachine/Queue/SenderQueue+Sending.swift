import CloudMessaging
import DequeModule

extension SenderQueue {
    /// How long a lane waits for a slot on its connection before it moves (design decision 10).
    static let patience = Duration.seconds(1)

    /// A lane reads from the store when it has fewer messages in memory.
    private static let lowWater = 64

    /// Sends what the lane has ready, in order, while there is room for it; a lane that has more to
    /// send then waits for a slot.
    mutating func pump(
        _ lane: Int, limit: Int = .max, now: Instant, _ effects: inout QueueEffects
    ) {
        var sent = 0
        var needsSlot = false
        while let message = lanes[lane].ready.first {
            guard message.expiry > now else {
                lanes[lane].ready.removeFirst()
                forgetExpired(message, now: now, &effects)
                continue
            }
            guard !lanes[lane].isFull || wasSent(message) else { break }
            guard sent < limit, let position = connection(for: lane, now: now) else {
                needsSlot = true
                break
            }
            lanes[lane].ready.removeFirst()
            if send(message, to: position, now: now, &effects) {
                sent += 1
                unblock(lane)
            } else {
                pairs[message.pair]?.held.append(message)
                lanes[lane].heldCount += 1
                effects.tell(.upstream(message, .held))
            }
            lanes[lane].highestTaken = max(lanes[lane].highestTaken, message.key)
        }
        if needsSlot { block(lane, now: now) } else { unblock(lane) }
        readMore(lane, &effects)
    }

    /// Whether the message was sent before and has not ended.
    private func wasSent(_ message: UpstreamMessage) -> Bool {
        pairs[message.pair]?.flight?.message.key == message.key
    }

    /// A lane may have something to send again: it goes on, behind the lanes that wait already.
    mutating func resume(_ lane: Int, now: Instant, _ effects: inout QueueEffects) {
        guard lanes[lane].hasWork, lanes[lane].blockedSince == nil else { return }
        if let position = ownPosition(of: lane), connections[position].blockedLanes != 0 {
            block(lane, now: now)
        } else {
            pump(lane, now: now, &effects)
        }
    }

    /// Sends a TTL 0 message to a connection with a free slot; false: there is none, or the pair
    /// is in flight already.
    mutating func sendNow(
        _ message: UpstreamMessage, now: Instant, _ effects: inout QueueEffects
    ) -> Bool {
        let own = ownPosition(of: message.key.lane.index)
        guard let position = own.flatMap({ connections[$0].takesMessages ? $0 : nil }) ?? roomiest()
        else { return false }
        return send(message, to: position, now: now, &effects)
    }

    /// Sends a message that was sent before, because no ACK came: preferably elsewhere.
    mutating func retry(
        _ message: UpstreamMessage, after delay: Duration, now: Instant,
        _ effects: inout QueueEffects
    ) {
        guard let last = pairs[message.pair]?.flight?.latest else { return }
        pairs[message.pair]?.flight?.retryCause = .noAcknowledgement(after: delay)
        if let position = roomiest(except: last) ?? retryPosition(last) {
            _ = send(message, to: position, now: now, &effects)
        } else {
            wait(message, .noRoom, &effects)
            lanes[message.key.lane.index].requeue([message])
        }
    }

    /// Takes a message off the wire until it is sent again.
    mutating func wait(
        _ message: UpstreamMessage, _ cause: QueueCause, _ effects: inout QueueEffects
    ) {
        guard pairs[message.pair]?.flight?.latest != nil else { return }
        pairs[message.pair]?.flight?.latest = nil
        lanes[message.key.lane.index].inFlight -= 1
        effects.counters.inFlight -= 1
        effects.tell(.upstream(message, .queued(cause)))
    }

    // MARK: One attempt

    /// Writes a message to a connection; false: another message of its pair is in flight.
    private mutating func send(
        _ message: UpstreamMessage, to position: Int, now: Instant, _ effects: inout QueueEffects
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
            effects.note(
                .redelivered(message, to: connection, attempt: attempt.number, attempt.cause))
        }
        effects.actions.append(
            .transmit(message, to: connection, attempt: attempt.number, timeout: attempt.delay))
        return true
    }

    /// Notes an attempt in the pair and in the window; nil when another message of the pair is in
    /// flight.
    private static func record(
        _ message: UpstreamMessage, in record: inout PairRecord,
        on connection: inout AppServerConnection, now: Instant, _ effects: inout QueueEffects
    ) -> Attempt? {
        if record.flight == nil { record.flight = Flight(message: message) }
        guard record.flight?.message.key == message.key else { return nil }
        return record.flight?.attempt(on: &connection, now: now, &effects)
    }

    // MARK: Which connection

    /// Where the lane's next message goes: its own connection, or a new one when design decision 10
    /// lets it move; nil: it has to wait.
    private mutating func connection(for lane: Int, now: Instant) -> Int? {
        guard let own = ownPosition(of: lane) else {
            guard let next = roomiest() ?? connections.firstIndex(where: { $0.state == .open })
            else { return nil }
            move(lane, to: next)
            return connections[next].takesMessages ? next : nil
        }
        if connections.count > 1, mayMove(lane, now: now),
            let next = roomiest(except: connections[own].id),
            connections[next].window.count < connections[own].window.count
                || !connections[own].takesMessages
        {
            move(lane, to: next)
            return next
        }
        return connections[own].takesMessages ? own : nil
    }

    /// Where the lane's connection stands; nil when it has none.
    private func ownPosition(of lane: Int) -> Int? {
        lanes[lane].connection.flatMap { position(of: $0, hint: lanes[lane].positionHint) }
    }

    /// Whether the lane may leave its connection: with nothing in flight, or after a long wait.
    private func mayMove(_ lane: Int, now: Instant) -> Bool {
        guard lanes[lane].inFlight > 0 else { return true }
        return lanes[lane].blockedSince.map { $0 + Self.patience <= now } ?? false
    }

    /// Makes a connection the lane's own; its wait for a slot on the earlier one ends.
    mutating func move(_ lane: Int, to position: Int) {
        unblock(lane)
        lanes[lane].connection = connections[position].id
        lanes[lane].positionHint = position
    }

    /// The lane waits for a slot: on its own connection, and on any when it may move.
    private mutating func block(_ lane: Int, now: Instant) {
        guard let position = ownPosition(of: lane) else { return }
        connections[position].blockedLanes |= 1 << lane
        let since = lanes[lane].blockedSince ?? now
        lanes[lane].blockedSince = since
        if mayMove(lane, now: now) {
            roamingLanes |= 1 << lane
        } else if connections.count > 1 {
            wake(at: since + Self.patience)
        }
    }

    /// The lane no longer waits for a slot.
    mutating func unblock(_ lane: Int) {
        guard lanes[lane].blockedSince != nil else { return }
        lanes[lane].blockedSince = nil
        roamingLanes &= ~(1 << lane)
        if let position = ownPosition(of: lane) {
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

    /// A connection has room again: the lanes that wait for it take turns, a message each.
    ///
    /// Ends because a lane that is served either sends a message or waits here no longer.
    mutating func serveBlockedLanes(
        of position: Int, now: Instant, _ effects: inout QueueEffects
    ) {
        while connections[position].takesMessages {
            let waiting = connections[position].blockedLanes | roamingLanes
            guard waiting != 0 else { return }
            let lane = waiting.nextBit(after: connections[position].lastServedLane)
            connections[position].lastServedLane = lane
            if connections[position].blockedLanes & (1 << lane) == 0 { move(lane, to: position) }
            pump(lane, limit: 1, now: now, &effects)
            // It found a roomier connection, where nobody waits.
            if ownPosition(of: lane) != position { pump(lane, now: now, &effects) }
        }
    }

    /// Reads on in the store when the lane has little left in memory and somebody to send it to.
    mutating func readMore(_ lane: Int, _ effects: inout QueueEffects) {
        guard let span = lanes[lane].stored.first, !lanes[lane].isReading,
            lanes[lane].ready.count < Self.lowWater, !lanes[lane].isFull, !connections.isEmpty
        else { return }
        lanes[lane].isReading = true
        // Never beyond what is known to be stored: after an unknown outcome the store may hold more,
        // and what is repeated would stand in line twice.
        let read = LaneRead(
            lane: lanes[lane].id, after: span.after,
            through: span.through ?? lanes[lane].lastStored,
            limit: Limits.laneReadBatch)
        effects.reads.append(WantedRead(read: read, generation: lanes[lane].readGeneration))
    }
}

private struct Attempt {
    /// Counted from 1.
    let number: Int
    /// Whether an earlier attempt still waits for its ACK.
    let wasOnWire: Bool
    /// How long it waits for its own; nil: no timer is set.
    let delay: Duration?
    /// Of an attempt that is not the first.
    let cause: RetryCause
}

extension Flight {
    /// Puts the message on the wire of a connection, once more if it was there before.
    fileprivate mutating func attempt(
        on connection: inout AppServerConnection, now: Instant, _ effects: inout QueueEffects
    ) -> Attempt {
        attempts += 1
        sentAt = now
        var deadline = Instant.never
        var timer: Duration?
        if effects.settings.redelivery.retriesOnTimer, message.timeToLive > 0 {
            delay = effects.settings.retry.delay(
                afterAttempt: attempts, using: &effects.entropy)
            // The clock of an attempt stands still while the connection is not read; what was
            // paused is added when reading goes on.
            deadline = (connection.readingPausedSince ?? now) + delay
            timer = delay
        }
        if carriers.addCredit(on: connection.id) {
            if let slot = carriers[connection.id]?.slot {
                connection.window.setDeadline(deadline, of: slot)
            }
        } else {
            let slot = connection.window.insert(message, deadline: deadline)
            carriers.append(Carrier(connection: connection.id, credits: 1, slot: slot))
        }
        let wasOnWire = latest != nil
        latest = connection.id
        return Attempt(
            number: attempts, wasOnWire: wasOnWire, delay: timer, cause: retryCause)
    }
}

extension UInt16 {
    /// The lowest set bit above a position, else the lowest of all.
    fileprivate func nextBit(after position: Int) -> Int {
        let above = position >= 15 ? 0 : self & (UInt16.max << UInt16(position + 1))
        return (above != 0 ? above : self).trailingZeroBitCount
    }
}
