package import CloudMessaging
package import Journal

/// Something that can be seen in a journal, said in terms of the cast.
package struct Sighting: Equatable, Sendable {
    package let what: What
    package let place: SourcePlace

    package init(_ what: What, at place: SourcePlace = .start) {
        self.what = what
        self.place = place
    }

    /// Two sightings are the same wherever they are written.
    package static func == (left: Sighting, right: Sighting) -> Bool {
        left.what == right.what
    }

    package enum What: Equatable, Sendable {
        case device(Participant, DeviceSight)
        case appServer(Participant, AppServerSight)
        case relay(RelaySight)
        /// An expression of the match language.
        case match(Match)
    }
}

/// What narrows a sighting of a message.
package struct MessageTraits: Equatable, Sendable {
    package var id: MessageID?
    package var category: Category?
    /// Values of the payload, in the order of the file.
    package var data: [DataPair] = []
    /// The device at the other end.
    package var device: Participant?
    package var attempt: Int?
    /// Of the app server that is the subject.
    package var connection: Int?
    package var error: String?

    package init() {}
}

package enum DeviceSight: Equatable, Sendable {
    /// A message of an app server reached the app.
    case receives(MessageTraits)
    /// The device wrote a message to the relay.
    case sends(MessageTraits)
    /// The app was told that the relay has its message.
    case toldSent(MessageTraits)
    /// The app was told that its message will not travel.
    case toldError(MessageTraits)
    /// The app was told that so many messages were dropped; nil: any number.
    case toldDeleted(Int?)
    case connects
    case disconnects
}

package enum AppServerSight: Equatable, Sendable {
    /// A message or a receipt reached the app server.
    case receives(MessageTraits)
    /// It sent a message to a device.
    case sends(MessageTraits)
    /// Its ACK reached the relay.
    case acks(MessageTraits)
    /// The relay took its message.
    case toldAck(MessageTraits)
    /// The relay did not.
    case toldNack(MessageTraits)
    /// Its ACK settled nothing, and the relay said so.
    case toldRejected(MessageTraits)
    /// The relay announced the end of a connection.
    case toldDraining
    /// The relay refused something that it wrote.
    case toldError(MessageTraits)
    case connects
    case disconnects
    case refused
}

package enum RelaySight: Equatable, Sendable {
    /// The relay wrote a message to an app server.
    case sends(MessageTraits)
    case settles(MessageTraits)
    case queues(MessageTraits)
    case holds(MessageTraits)
    case expires(MessageTraits)
    case discards(MessageTraits)
    /// The relay refused a message of a device.
    case refuses(MessageTraits)
    /// The relay wrote a message to a device.
    case delivers(MessageTraits)
}
