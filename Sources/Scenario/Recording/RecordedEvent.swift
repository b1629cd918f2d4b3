import Journal

/// An event of a recording, and the place of the one that led to it.
///
/// Places, not numbers: each life of a relay counts its events from 1.
struct RecordedEvent {
    let event: JournalEvent
    let place: Int
    /// Nil: there is none, or it is not in the recording.
    let cause: Int?

    static func all(_ events: [JournalEvent]) -> [RecordedEvent] {
        var places: [UInt64: Int] = [:]
        return events.enumerated().map { place, event in
            // Before its own number is known: the cause is an earlier event of that number.
            let cause = event.cause.flatMap { places[$0] }
            places[event.number] = place
            return RecordedEvent(event: event, place: place, cause: cause)
        }
    }
}
