import CloudMessaging
import Journal

/// What was written and has not come yet, so that each arrival finds its departure.
struct Flights {
    /// Oldest first.
    private var waiting: [Key: [Flight]] = [:]

    struct Key: Hashable {
        let road: Road
        /// The peer of the relay.
        let peer: Participant
        let id: MessageID?
        /// Not every arrival knows it.
        let token: RegistrationToken?
    }

    enum Road: Hashable {
        case upstream, ack, request, answer, delivery
    }

    struct Flight {
        let row: Int
        let instant: Instant
        /// Which of the peer's connections; 0: not known.
        let ordinal: Int
    }

    mutating func depart(_ flight: Flight, _ key: Key) {
        waiting[key, default: []].append(flight)
    }

    /// The departure of what has come: the oldest on its connection, else the newest of all.
    mutating func arrive(_ key: Key, ordinal: Int) -> Flight? {
        guard let flights = waiting[key], !flights.isEmpty else { return nil }
        let index = flights.firstIndex { $0.ordinal == ordinal } ?? flights.count - 1
        return waiting[key]?.remove(at: index)
    }
}
