import CloudMessaging
import DequeModule

extension SenderQueue {
    /// Somebody ends a message that the store holds; false: it has ended.
    ///
    /// - Parameter names: the pairs that it may be in flight under.
    mutating func end(
        _ message: UpstreamMessage, _ names: [MessagePair], as ending: HandEnding, now: Instant,
        _ effects: inout QueueEffects
    ) -> Bool {
        let lane = message.key.lane.index
        var carriers: [ConnectionID] = []
        if let pair = names.first(where: { pairs[$0]?.holds(message.key) == true }),
            var record = pairs.removeValue(forKey: pair)
        {
            carriers = end(message.key, in: &record, now: now, &effects)
            restore(record, pair)
        } else {
            guard lanes[lane].mayHold(message.key) else { return false }
            lanes[lane].forget(message.key)
        }
        effects.counters.live -= 1
        switch ending {
        case .settled: effects.counters.settled += 1
        case .discarded: effects.counters.discarded += 1
        }
        if message.timeToLive > 0 { effects.removals.append(message.key) }
        effects.tell(.upstream(message, .endedByHand(ending)))
        resume(lane, now: now, &effects)
        for carrier in carriers {
            guard let position = positions[carrier] else { continue }
            slotFreed(on: position, now: now, &effects)
        }
        return true
    }

    /// Takes a message out of the record of its pair; returns the connections that have a slot free
    /// now.
    private mutating func end(
        _ key: MessageKey, in record: inout PairRecord, now: Instant,
        _ effects: inout QueueEffects
    ) -> [ConnectionID] {
        guard let flight = record.flight, flight.message.key == key else {
            record.held.removeAll { $0.key == key }
            lanes[key.lane.index].heldCount -= 1
            return []
        }
        if flight.latest != nil {
            lanes[key.lane.index].inFlight -= 1
            effects.counters.inFlight -= 1
        }
        lanes[key.lane.index].forget(key)
        record.flight = nil
        // Its attempts may still be ACKed: that is no fault of the app server.
        leaveCredits(of: flight, exceptOneOn: nil, keepSlots: false, in: &record)
        promoteHeld(in: &record, after: flight.message, now: now, &effects)
        var carriers: [ConnectionID] = []
        flight.carriers.forEach { carriers.append($0.connection) }
        return carriers
    }
}

extension Lane {
    /// Takes a message out of memory.
    fileprivate mutating func forget(_ key: MessageKey) {
        ready.removeAll { $0.key == key }
        parked.removeAll { $0.message.key == key }
        heldOver?.ready.removeAll { $0.key == key }
    }
}
