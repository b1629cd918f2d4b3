import CloudMessaging

/// What a sender's queue wants done, and what it draws on: handed through every event.
struct QueueEffects: Hashable {
    let settings: RelaySettings
    var entropy: Entropy
    var counters = RelayCounters()
    var actions: [RelayAction] = []
    /// Messages that reached a final state.
    var removals: [MessageKey] = []
    var reads: [WantedRead] = []

    init(settings: RelaySettings, entropy: Entropy) {
        self.settings = settings
        self.entropy = entropy
    }

    mutating func note(_ note: RelayNote) {
        actions.append(.note(note))
    }

    /// The note is made only if somebody reads it.
    mutating func tell(_ note: @autoclosure () -> MessageNote) {
        if settings.tellsMessages { actions.append(.tell(note())) }
    }
}

/// A read of a lane, and the lane's generation that wants it.
struct WantedRead: Hashable {
    let read: LaneRead
    let generation: Int
}
