package import CloudMessaging

/// One connection of a relay at one moment, for people.
package struct RelayConnection: Sendable {
    package enum Role: String, Sendable, CaseIterable {
        case appServer = "app-server"
        case device
    }

    package enum Phase: String, Sendable, CaseIterable {
        /// It has not bound its stream yet.
        case connecting
        case bound
        /// It gets nothing new, and ends when its ACKs are in.
        case draining
        /// A fault or a cut lets it hang: nothing is read and nothing is written.
        case silent
    }

    /// Counts the connections of a relay's life, whichever door they came through.
    package let number: Int
    package let role: Role
    package let phase: Phase
    package let openedAt: Instant
    /// Whose app server it is, once it has logged in.
    package let sender: SenderID?
    /// Which device it is, once it has logged in.
    package let device: DeviceID?
    /// What was written to it and has no acknowledgement.
    package let unacknowledged: Int
    /// What it sent and has no answer.
    package let unanswered: Int
}

/// How a connection is cut.
package enum CutManner: String, Sendable, CaseIterable {
    /// With a reset on the wire, at once.
    case reset
    /// With the end of the stream, as if the relay had nothing more to say.
    case fin
    /// It stays open, and nothing goes over it any more.
    case silent
}
