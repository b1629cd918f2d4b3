import CloudMessaging

/// Connections that are ended for their age or their silence (protocol sheet §1.7, R29).
extension SenderQueue {
    /// An app server sent something, be it a blank.
    mutating func heard(from id: ConnectionID, now: Instant) {
        guard let position = positions[id] else { return }
        connections[position].lastHeard = now
    }

    /// Asks to be woken when the first connection is too old, or silent for too long.
    mutating func watch(_ quirks: RelayQuirks) {
        guard quirks.endsSessions else { return }
        for connection in connections where !connection.isClosing {
            if let age = quirks.sessionMaxAge, connection.state == .open {
                wake(at: connection.boundAt + age)
            }
            if let timeout = quirks.idleTimeout { wake(at: connection.lastHeard + timeout) }
        }
    }

    /// Closes a silent connection; an old one is drained, so that nothing in flight is lost.
    mutating func endSession(at position: Int, now: Instant, _ effects: inout QueueEffects) {
        let quirks = effects.settings.quirks
        guard quirks.endsSessions else { return }
        let connection = connections[position]
        guard !connection.isClosing else { return }
        if let timeout = quirks.idleTimeout, connection.lastHeard + timeout <= now {
            connections[position].isClosing = true
            effects.actions.append(.closeConnection(connection.id, .idle))
        } else if let age = quirks.sessionMaxAge, connection.state == .open,
            connection.boundAt + age <= now
        {
            drain([connection.id], .age, now: now, &effects)
        }
    }
}

extension RelayQuirks {
    /// Whether connections are ended for anything but draining.
    fileprivate var endsSessions: Bool { idleTimeout != nil || sessionMaxAge != nil }
}
