import CloudMessaging

extension SenderQueue {
    /// An instant that the queue asked for has come.
    mutating func deadlineReached(now: Instant, _ effects: inout QueueEffects) {
        nextDeadline = .never
        for id in connections.map(\.id) {
            guard let position = positions[id] else { continue }
            endDraining(at: position, now: now, &effects)
            endSession(at: position, now: now, &effects)
            guard connections[position].readingPausedSince == nil else { continue }
            for message in connections[position].window.takeDue(at: now) {
                answerIsOverdue(message, now: now, &effects)
            }
        }
        for lane in lanes.indices { serveLane(lane, now: now, &effects) }
        collectDeadlines(now: now)
        watch(effects.settings.quirks)
    }

    /// The delay after a message's latest attempt is over.
    private mutating func answerIsOverdue(
        _ message: UpstreamMessage, now: Instant, _ effects: inout QueueEffects
    ) {
        guard let flight = pairs[message.pair]?.flight, flight.message.key == message.key
        else { return }
        // One that expires in flight is not retried; the store's sweep ends it.
        guard message.expiry > now else { return }
        if let latest = flight.latest {
            effects.tell(
                .upstream(
                    message,
                    .timerFired(latest, attempt: flight.attempts, delay: flight.delay)))
        }
        retry(message, after: flight.delay, now: now, &effects)
    }

    private mutating func endDraining(
        at position: Int, now: Instant, _ effects: inout QueueEffects
    ) {
        guard case .draining(let until) = connections[position].state, until <= now,
            !connections[position].isClosing
        else { return }
        connections[position].isClosing = true
        effects.actions.append(.closeConnection(connections[position].id, .drained))
    }

    private mutating func serveLane(
        _ lane: Int, now: Instant, _ effects: inout QueueEffects
    ) {
        requeueParked(lane) { $0.until <= now }
        if let heldOver = lanes[lane].heldOver, heldOver.until <= now {
            lanes[lane].releaseHeldOver()
        }
        pump(lane, now: now, &effects)
    }

    private mutating func collectDeadlines(now: Instant) {
        for connection in connections {
            if case .draining(let until) = connection.state, !connection.isClosing {
                wake(at: until)
            }
            if connection.readingPausedSince == nil {
                wake(at: connection.window.earliestDeadline)
            }
        }
        for lane in lanes {
            lane.parked.forEach { wake(at: $0.until) }
            if let heldOver = lane.heldOver { wake(at: heldOver.until) }
            if let since = lane.blockedSince, since + Self.patience > now, connections.count > 1 {
                wake(at: since + Self.patience)
            }
        }
    }
}
