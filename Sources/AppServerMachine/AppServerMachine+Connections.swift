package import CloudMessaging
import DequeModule
import OrderedCollections

extension AppServerMachine {
    /// The connection that `connect` asked for is logged in and bound.
    package mutating func connected(_ id: AppServerConnectionID, now: Instant) {
        guard let connection = connections[id], case .opening = connection.state else { return }
        connections[id]?.state = .bound(since: now)
        slots[connection.slot].bound()
        actions.append(.connected(id))
        writeWaiting()
    }

    /// The connection that `connect` asked for did not come up; it is tried again for ever, unless
    /// the relay refused the login.
    package mutating func connectionFailed(
        _ id: AppServerConnectionID, _ failure: ConnectionFailure, now: Instant
    ) {
        guard let connection = connections[id], case .opening = connection.state else { return }
        connections[id] = nil
        switch failure {
        case .unavailable(let reason):
            let delay = slots[connection.slot].attemptFailed(settings, &entropy)
            let retry = now + delay
            slots[connection.slot].state = .waiting(until: retry)
            actions.append(.connectionFailed(id, reason: reason, retryAt: retry))
        case .notAuthorized(let reason):
            phase = .refused(reason)
            actions.append(.authenticationFailed(id, reason: reason))
            closeAll(because: reason)
            endWaiting(.loginRefused(reason))
        }
    }

    /// A connection ended, whoever ended it. One that was never bound counts as failed.
    package mutating func connectionLost(
        _ id: AppServerConnectionID, reason: String, now: Instant
    ) {
        guard let connection = connections[id] else { return }
        if case .opening = connection.state {
            return connectionFailed(id, .unavailable(reason), now: now)
        }
        connections[id] = nil
        dropDelayedAcknowledgements(on: id)
        switch connection.state {
        case .bound(let since):
            actions.append(.disconnected(id, .lost(reason)))
            replace(connection.slot, boundSince: since, now: now)
        case .opening, .draining:
            // Its place was filled when the draining was announced.
            actions.append(.disconnected(id, .drained))
        }
        loseRequests(of: connection, reason: reason)
        writeWaiting()
    }

    /// The relay announced that it will close the connection (protocol sheet §3.6). Another takes
    /// its place; this one is read and ACKed on until the relay closes it, and answers there what it
    /// has been asked before.
    package mutating func draining(_ id: AppServerConnectionID, now: Instant) {
        guard let connection = connections[id], case .bound(let since) = connection.state
        else { return }
        connections[id]?.state = .draining
        actions.append(.draining(id))
        replace(connection.slot, boundSince: since, now: now)
        waiting.putBack(connections[id]?.requests.removeBackingOff() ?? [])
        writeWaiting()
    }

    private mutating func replace(_ slot: Int, boundSince since: Instant, now: Instant) {
        switch settings.replacement {
        case .never: slots[slot].state = .vacant
        case .after(let delay): slots[slot].state = .waiting(until: now + delay)
        case .atOnce: replaceAtOnce(slot, boundSince: since, now: now)
        }
    }

    private mutating func replaceAtOnce(_ slot: Int, boundSince since: Instant, now: Instant) {
        let life = since.duration(to: now)
        if let delay = slots[slot].connectionEnded(after: life, settings, &entropy) {
            slots[slot].state = .waiting(until: now + delay)
        } else {
            open(slot)
        }
    }

    /// An ACK on another connection would settle nothing; the relay delivers the message again.
    private mutating func dropDelayedAcknowledgements(on id: AppServerConnectionID) {
        let before = delayed.count
        delayed.removeAll { $0.connection == id }
        counters.droppedAcknowledgements += before - delayed.count
    }
}
