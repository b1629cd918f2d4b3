/// What a fault does (contract: `do`); `FaultEffect` says what that means at each point.
package enum FaultDeed: Hashable, Sendable {
    case drop
    case delay(Duration)
    case duplicate
    case reorder
    case corrupt
    /// With the error code that the answer has.
    case nack(code: String)
    case reset
    case fin
    case silent
    case drain
    case refuse

    /// The deed without what it needs to know.
    package enum Name: String, Sendable, CaseIterable {
        case drop, delay, duplicate, reorder, corrupt, nack, reset, fin, silent, drain, refuse
    }

    package var name: Name {
        switch self {
        case .drop: .drop
        case .delay: .delay
        case .duplicate: .duplicate
        case .reorder: .reorder
        case .corrupt: .corrupt
        case .nack: .nack
        case .reset: .reset
        case .fin: .fin
        case .silent: .silent
        case .drain: .drain
        case .refuse: .refuse
        }
    }

    /// How long a stanza that is to be overtaken waits for the next one of its point and
    /// connection, if none comes.
    package static let reorderPatience = Duration.seconds(1)

    /// Whether nothing is left for further faults: the stanza or its connection is gone.
    var isFinal: Bool {
        switch name {
        case .drop, .nack, .reset, .fin, .silent, .refuse: true
        case .delay, .duplicate, .reorder, .corrupt, .drain: false
        }
    }
}
