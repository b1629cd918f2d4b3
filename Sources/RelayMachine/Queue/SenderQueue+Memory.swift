import CloudMessaging

extension SenderQueue {
    /// What the queue keeps in memory, compared with what it may.
    func check(_ bounds: inout MemoryBounds, _ settings: RelaySettings) {
        bounds.check("connections of a sender", connections.count, atMost: settings.maxConnections)
        // A pair is known for a message that was sent, or for a credit that is left of one.
        var reasons = 0
        for index in connections.indices {
            connections[index].check(&bounds, settings)
            reasons += connections[index].window.count + connections[index].leftoverCount
        }
        // By index: simulations ask after every step, and to copy a lane is dear.
        for index in lanes.indices {
            lanes[index].check(&bounds)
            reasons += lanes[index].inMemory + lanes[index].parked.count
        }
        bounds.check("pairs that nothing on its way has", pairs.count - reasons, atMost: 0)
    }
}

extension AppServerConnection {
    fileprivate func check(_ bounds: inout MemoryBounds, _ settings: RelaySettings) {
        bounds.check(
            "messages without an ACK on a connection", window.count, atMost: settings.maxUnacked)
        bounds.check(
            "left-over credits of a connection", leftoverCount,
            atMost: Limits.creditsPerConnection)
        bounds.check(
            "names of left-over credits of a connection", leftovers.count,
            atMost: 2 * Limits.creditsPerConnection)
        bounds.check(
            "requests without an answer on a connection", unansweredRequests,
            atMost: settings.maxUnansweredRequests)
    }
}

extension Lane {
    /// Messages that wait in memory.
    fileprivate var inMemory: Int { ready.count + (heldOver?.ready.count ?? 0) }

    fileprivate func check(_ bounds: inout MemoryBounds) {
        bounds.check("messages of a lane held back", heldCount, atMost: Limits.heldPerLane)
        bounds.check(
            "places of a lane in the store", stored.count + (heldOver?.stored.count ?? 0),
            atMost: Limits.placesPerLane)
        // Most lanes have few: only then it matters which of them were never sent.
        guard inMemory > Limits.residentPerLane else { return }
        let fresh = ready.count { $0.key > highestTaken }
        bounds.check("messages of a lane in memory", fresh, atMost: Limits.residentPerLane)
        bounds.check(
            "messages of a lane held over", heldOver?.ready.count ?? 0,
            atMost: Limits.residentPerLane)
    }
}
