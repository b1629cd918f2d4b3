import CloudMessaging
import DequeModule

extension SenderQueue {
    /// A connection of the sender was bound: what waited for it goes out.
    mutating func bind(_ id: ConnectionID, now: Instant, _ effects: inout QueueEffects) {
        let wasAbsent = connections.isEmpty
        positions[id] = connections.count
        connections.append(
            AppServerConnection(id: id, windowLimit: effects.settings.maxUnacked, boundAt: now))
        watch(effects.settings.quirks)
        for lane in lanes.indices {
            requeueParked(lane) { $0.until == .never }
        }
        if wasAbsent, effects.settings.reconnectHoldback > .zero {
            let until = now + effects.settings.reconnectHoldback
            lanes.indices.forEach { lanes[$0].holdOver(until: until) }
            wake(at: until)
        }
        if !wasAbsent { moveOneLaneToNewest() }
        for lane in lanes.indices { pump(lane, now: now, &effects) }
    }

    /// A connection is gone: what it carried is lost, and handled as the redelivery mode says.
    mutating func close(_ id: ConnectionID, now: Instant, _ effects: inout QueueEffects) {
        guard let position = positions[id] else { return }
        let connection = connections.remove(at: position)
        positions[id] = nil
        for index in position..<connections.count { positions[connections[index].id] = index }
        takeLanes(from: id)
        forgetLeftovers(of: connection)
        lose(connection.window.messages, with: id, now: now, &effects)
        if connections.isEmpty {
            lanes.indices.forEach { lanes[$0].forgetFresh() }
        } else {
            for lane in lanes.indices { pump(lane, now: now, &effects) }
        }
    }

    /// Connections get nothing new from now on, and are closed when their ACKs are in.
    mutating func drain(
        _ ids: [ConnectionID], _ cause: DrainCause, now: Instant, _ effects: inout QueueEffects
    ) {
        let until = now + effects.settings.drainGrace
        for id in ids {
            guard let position = positions[id], connections[position].state == .open
            else { continue }
            connections[position].state = .draining(until: until)
            effects.note(.draining(id, cause, grace: effects.settings.drainGrace))
            if effects.settings.quirks.draining == .announced {
                effects.actions.append(.announceDraining(id))
            }
            wake(at: until)
            takeLanes(from: id)
            closeIfDrained(position, &effects)
        }
        for lane in lanes.indices { pump(lane, now: now, &effects) }
    }

    /// Ends a draining connection when nothing is in flight on it.
    mutating func closeIfDrained(_ position: Int, _ effects: inout QueueEffects) {
        guard case .draining = connections[position].state,
            connections[position].isIdle, !connections[position].isClosing
        else { return }
        connections[position].isClosing = true
        effects.actions.append(.closeConnection(connections[position].id, .drained))
    }

    /// The transport of a connection takes bytes again, or takes none for now.
    mutating func setWritable(
        _ isWritable: Bool, _ id: ConnectionID, now: Instant, _ effects: inout QueueEffects
    ) {
        guard let position = positions[id] else { return }
        connections[position].isWritable = isWritable
        if isWritable { serveBlockedLanes(of: position, now: now, &effects) }
    }

    /// The relay stopped reading a connection, or goes on: the clocks of its attempts follow.
    mutating func setReading(_ isReading: Bool, _ id: ConnectionID, now: Instant) {
        guard let position = positions[id] else { return }
        if !isReading {
            connections[position].readingPausedSince =
                connections[position].readingPausedSince ?? now
        } else if let since = connections[position].readingPausedSince {
            connections[position].readingPausedSince = nil
            connections[position].window.postponeDeadlines(by: since.duration(to: now))
            wake(at: connections[position].window.earliestDeadline)
        }
    }

    // MARK: Helpers

    /// Gives the newest connection one lane of the connection that has most of them.
    private mutating func moveOneLaneToNewest() {
        var counts = Array(repeating: 0, count: connections.count)
        for lane in lanes {
            if let own = lane.connection, let position = positions[own] { counts[position] += 1 }
        }
        guard let most = counts.max(), most > 1, let donor = counts.firstIndex(of: most),
            let lane = lanes.firstIndex(where: { $0.connection == connections[donor].id })
        else { return }
        move(lane, to: connections.count - 1)
    }

    /// A connection gets nothing new: its lanes have to look for another one.
    private mutating func takeLanes(from id: ConnectionID) {
        for lane in lanes.indices where lanes[lane].connection == id {
            unblock(lane)
            lanes[lane].connection = nil
        }
    }

    /// Handles the messages that a lost connection carried.
    private mutating func lose(
        _ messages: [UpstreamMessage], with id: ConnectionID, now: Instant,
        _ effects: inout QueueEffects
    ) {
        var again: [UpstreamMessage] = []
        for message in messages {
            guard let flight = pairs[message.pair]?.flight, flight.message.key == message.key
            else { continue }
            pairs[message.pair]?.flight?.carriers.remove(id)
            guard flight.latest == id else { continue }
            pairs[message.pair]?.flight?.retryCause = .connectionLost
            if message.timeToLive == 0 || effects.settings.redelivery == .never {
                discard(message, lostOn: id, now: now, &effects)
                continue
            }
            wait(message, .connectionLost(id), &effects)
            switch effects.settings.redelivery {
            case .both:
                again.append(message)
            case .timer:
                park(message, until: (flight.sentAt ?? now) + flight.delay)
            case .onReconnect, .never:
                park(message, until: .never)
            }
        }
        for lane in lanes.indices {
            lanes[lane].requeue(again.filter { $0.key.lane.index == lane })
        }
    }

    private mutating func park(_ message: UpstreamMessage, until: Instant) {
        lanes[message.key.lane.index].parked.append(Parked(message: message, until: until))
        wake(at: until)
    }

    /// Puts parked messages back in line.
    mutating func requeueParked(_ lane: Int, where isDue: (Parked) -> Bool) {
        guard lanes[lane].parked.contains(where: isDue) else { return }
        let due = lanes[lane].parked.filter(isDue).map(\.message)
        lanes[lane].parked.removeAll(where: isDue)
        lanes[lane].requeue(due.sorted { $0.key < $1.key })
    }

    private mutating func forgetLeftovers(of connection: AppServerConnection) {
        let named = connection.leftovers.map(\.pair) + connection.window.messages.map(\.pair)
        for pair in named {
            pairs[pair]?.leftovers.removeAll { $0.connection == connection.id }
            if pairs[pair]?.isEmpty == true { pairs[pair] = nil }
        }
    }
}
