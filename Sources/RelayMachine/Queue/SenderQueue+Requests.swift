import CloudMessaging

/// Downstream requests of a connection that wait for their answer: at most 100, then the sender
/// has to wait (protocol sheet §3.4).
extension SenderQueue {
    /// A request came; false: the connection is draining and takes none, unless nobody may notice.
    mutating func beginRequest(on id: ConnectionID, _ draining: RelayQuirks.Draining) -> Bool {
        guard let position = positions[id],
            connections[position].state == .open || draining == .silent
        else { return false }
        connections[position].unansweredRequests += 1
        return true
    }

    /// A request has its answer: the connection may send another, or has nothing left to do.
    mutating func endRequest(
        on id: ConnectionID, limit: Int, _ effects: inout QueueEffects
    ) {
        guard let position = positions[id] else { return }
        if connections[position].unansweredRequests == limit {
            effects.actions.append(.resumeRequests(id))
        }
        connections[position].unansweredRequests -= 1
        closeIfDrained(position, &effects)
    }

    func unansweredRequests(on id: ConnectionID) -> Int {
        positions[id].map { connections[$0].unansweredRequests } ?? 0
    }
}
