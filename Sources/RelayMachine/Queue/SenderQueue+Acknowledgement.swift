package import CloudMessaging
import DequeModule

extension SenderQueue {
    /// An app server ACKed a pair on a connection (design decision 7).
    mutating func acknowledge(
        _ pair: MessagePair, on id: ConnectionID, now: Instant, _ effects: inout QueueEffects
    ) -> AcknowledgementUse {
        guard let position = positions[id] else { return .none }
        guard var record = pairs.removeValue(forKey: pair) else {
            reject(pair, on: id, &effects)
            return .none
        }
        if let index = record.leftovers.firstIndex(where: { $0.connection == id }) {
            useLeftover(at: index, of: pair, in: &record, on: position)
            restore(record, pair)
            slotFreed(on: position, now: now, &effects)
            return .leftover
        } else if record.flight?.carriers[id] != nil, let flight = record.flight.take() {
            settle(flight, creditedOn: position, in: &record, now: now, &effects)
            restore(record, pair)
            resume(flight.message.key.lane.index, now: now, &effects)
            flight.carriers.forEach { carrier in
                guard let freed = self.position(of: carrier.connection, hint: position)
                else { return }
                slotFreed(on: freed, now: now, &effects)
            }
            return .settled(flight.message)
        } else {
            restore(record, pair)
            reject(pair, on: id, &effects)
            return .none
        }
    }

    /// A message expired in the store: it is not sent again.
    ///
    /// - Parameter formerTokens: what its registration was called before: it may be in flight under
    ///   one of those.
    mutating func expire(
        _ expired: ExpiredMessage, formerTokens: [RegistrationToken], now: Instant,
        _ effects: inout QueueEffects
    ) {
        effects.counters.expired += 1
        effects.counters.live -= 1
        effects.tell(.expired(expired))
        let lane = expired.key.lane.index
        let names =
            [expired.pair] + formerTokens.map { MessagePair(token: $0, id: expired.pair.id) }
        guard let pair = names.first(where: { pairs[$0]?.holds(expired.key) == true }),
            var record = pairs.removeValue(forKey: pair)
        else { return }
        if let flight = record.flight, flight.message.key == expired.key {
            endUnsettled(flight, in: &record, now: now, &effects)
        } else if let index = record.held.firstIndex(where: { $0.key == expired.key }) {
            record.held.remove(at: index)
            lanes[lane].heldCount -= 1
        }
        restore(record, pair)
        resume(lane, now: now, &effects)
    }

    /// A message that was to be sent next has expired; the store's sweep counts it.
    mutating func forgetExpired(
        _ message: UpstreamMessage, now: Instant, _ effects: inout QueueEffects
    ) {
        guard var record = pairs.removeValue(forKey: message.pair) else { return }
        if let flight = record.flight, flight.message.key == message.key {
            leaveCredits(of: flight, exceptOneOn: nil, keepSlots: true, in: &record)
            record.flight = nil
        }
        if record.flight == nil { promoteHeld(in: &record, after: message, now: now, &effects) }
        restore(record, message.pair)
    }

    /// A message whose connection is gone is given up.
    mutating func discard(
        _ message: UpstreamMessage, lostOn id: ConnectionID, now: Instant,
        _ effects: inout QueueEffects
    ) {
        guard var record = pairs.removeValue(forKey: message.pair), let flight = record.flight
        else { return }
        endUnsettled(flight, in: &record, now: now, &effects)
        restore(record, message.pair)
        effects.counters.live -= 1
        if message.timeToLive == 0 {
            effects.counters.expired += 1
            effects.tell(.upstream(message, .expired))
        } else {
            effects.counters.discarded += 1
            effects.removals.append(message.key)
            effects.note(.discarded(message, on: id))
        }
    }

    // MARK: Ends of a flight

    private mutating func settle(
        _ flight: Flight, creditedOn position: Int, in record: inout PairRecord, now: Instant,
        _ effects: inout QueueEffects
    ) {
        let lane = flight.message.key.lane.index
        if flight.latest != nil {
            lanes[lane].inFlight -= 1
            effects.counters.inFlight -= 1
        } else {
            // It waits to be sent again while an earlier attempt gets its ACK.
            lanes[lane].ready.removeAll { $0.key == flight.message.key }
            lanes[lane].parked.removeAll { $0.message.key == flight.message.key }
        }
        effects.counters.settled += 1
        effects.counters.live -= 1
        effects.tell(.upstream(flight.message, .settled(on: connections[position].id)))
        if flight.message.timeToLive > 0 { effects.removals.append(flight.message.key) }
        leaveCredits(of: flight, exceptOneOn: position, keepSlots: false, in: &record)
        promoteHeld(in: &record, after: flight.message, now: now, &effects)
    }

    /// Ends a flight that no ACK ended: expired or discarded.
    private mutating func endUnsettled(
        _ flight: Flight, in record: inout PairRecord, now: Instant,
        _ effects: inout QueueEffects
    ) {
        let lane = flight.message.key.lane.index
        if flight.latest != nil {
            lanes[lane].inFlight -= 1
            effects.counters.inFlight -= 1
        }
        lanes[lane].parked.removeAll { $0.message.key == flight.message.key }
        leaveCredits(of: flight, exceptOneOn: nil, keepSlots: true, in: &record)
        record.flight = nil
        promoteHeld(in: &record, after: flight.message, now: now, &effects)
    }

    /// The next message of the pair may go now; it is older than what stands ready.
    ///
    /// Its lane may be another: receipts of several devices may have one ID, and a device's token
    /// may have been refreshed. That lane is served at the end of the round.
    mutating func promoteHeld(
        in record: inout PairRecord, after ended: UpstreamMessage, now: Instant,
        _ effects: inout QueueEffects
    ) {
        guard !record.held.isEmpty else { return }
        let message = record.held.removeFirst()
        let lane = message.key.lane.index
        lanes[lane].ready.prepend(message)
        lanes[lane].heldCount -= 1
        effects.tell(.upstream(message, .queued(.released)))
        if lane != ended.key.lane.index { wake(at: now) }
    }

    mutating func restore(_ record: PairRecord, _ pair: MessagePair) {
        if !record.isEmpty { pairs[pair] = record }
    }

    private func reject(
        _ pair: MessagePair, on id: ConnectionID, _ effects: inout QueueEffects
    ) {
        effects.counters.rejectedAcknowledgements += 1
        if effects.settings.quirks.unknownACK == .error {
            effects.actions.append(.rejectAcknowledgement(pair, on: id))
        }
        effects.note(.uselessAcknowledgement(pair, fault(of: pair, on: id), on: id))
    }

    /// An ACK freed a slot: somebody else may have it, or the connection has nothing left to do.
    mutating func slotFreed(
        on position: Int, now: Instant, _ effects: inout QueueEffects
    ) {
        serveBlockedLanes(of: position, now: now, &effects)
        closeIfDrained(position, &effects)
    }

    // MARK: Credits

    /// Keeps what is left of a flight's credits, and frees its slots or keeps them too.
    mutating func leaveCredits(
        of flight: Flight, exceptOneOn credited: Int?, keepSlots: Bool,
        in record: inout PairRecord
    ) {
        flight.carriers.forEach { carrier in
            guard let position = position(of: carrier.connection, hint: credited ?? 0)
            else { return }
            if keepSlots {
                connections[position].window.setDeadline(.never, of: carrier.slot)
            } else {
                connections[position].window.remove(carrier.slot)
            }
            let credits = carrier.credits - (position == credited ? 1 : 0)
            guard credits > 0 else { return }
            record.leftovers.append(
                Leftover(
                    connection: carrier.connection, key: flight.message.key, credits: credits,
                    slot: keepSlots ? carrier.slot : nil))
            if !keepSlots {
                remember(
                    LeftoverName(pair: flight.message.pair, key: flight.message.key),
                    credits: credits, on: position, current: &record)
            }
        }
    }

    /// Uses one left-over credit up, and frees the slot if its message kept one.
    private mutating func useLeftover(
        at index: Int, of pair: MessagePair, in record: inout PairRecord, on position: Int
    ) {
        record.leftovers[index].credits -= 1
        let leftover = record.leftovers[index]
        record.leftovers[index].slot = nil
        if leftover.credits == 0 { record.leftovers.remove(at: index) }
        guard let slot = leftover.slot else {
            connections[position].leftoverCount -= 1
            return
        }
        connections[position].window.remove(slot)
        if leftover.credits > 0 {
            remember(
                LeftoverName(pair: pair, key: leftover.key), credits: leftover.credits,
                on: position, current: &record)
        }
    }

    /// Counts left-over credits of a connection and forgets the oldest beyond the limit.
    private mutating func remember(
        _ name: LeftoverName, credits: Int, on position: Int, current record: inout PairRecord
    ) {
        connections[position].leftovers.append(name)
        connections[position].leftoverCount += credits
        while connections[position].leftoverCount > Limits.creditsPerConnection
            || connections[position].leftovers.count > 2 * Limits.creditsPerConnection,
            let oldest = connections[position].leftovers.popFirst()
        {
            let id = connections[position].id
            let forgotten: Int
            if oldest.pair == name.pair {
                forgotten = record.leftovers.forget(oldest.key, on: id)
            } else {
                forgotten = pairs[oldest.pair]?.leftovers.forget(oldest.key, on: id) ?? 0
                if pairs[oldest.pair]?.isEmpty == true { pairs[oldest.pair] = nil }
            }
            connections[position].leftoverCount -= forgotten
        }
    }
}

/// What an ACK did.
package enum AcknowledgementUse: Sendable {
    case settled(UpstreamMessage)
    /// It is one too many for a message that has ended, and does no harm.
    case leftover
    /// Nothing; `RelayNote.uselessAcknowledgement` says why, if the connection is bound.
    case none
}

extension [Leftover] {
    /// Removes the credits of a message on a connection, those with a slot excepted; returns how
    /// many there were.
    fileprivate mutating func forget(_ key: MessageKey, on connection: ConnectionID) -> Int {
        guard
            let index = firstIndex(where: {
                $0.key == key && $0.connection == connection && $0.slot == nil
            })
        else { return 0 }
        return remove(at: index).credits
    }
}
