package import CloudMessaging
package import Journal

/// What an app server does, or what befalls it. Of these an external one only `connects`.
package enum AppServerDeed: Equatable, Sendable {
    /// Opens its connections; for an external one the play waits until it has come.
    case connects
    /// Closes connections and stays away until it `connects`.
    case disconnects(on: ConnectionChoice?, how: HowCut)
    case sends(DownstreamPlan)
    case acks(AckPlan)
    case writes(RawFrame, on: ConnectionChoice?)
    /// From now on it ACKs in another way.
    case changes(AckHabit)
    /// The process is stuck: it reads nothing more, and its connections stay open.
    case stopsReading
    case readsAgain
    case crashes
    /// The process starts again, and connects if it had.
    case restarts
}

/// Which connection of an app server.
package enum ConnectionChoice: Hashable, Sendable {
    /// As they were bound in the play, from 1.
    case number(Int)
    case newest, oldest
    case all
}

/// How a connection ends.
package enum HowCut: String, Sendable, CaseIterable {
    /// At once for both, with what was on its way.
    case reset
    /// In order: stream and connection are closed.
    case fin
    /// Nobody is told: nothing passes any more.
    case silent
}

/// Messages that an app server sends to devices.
package struct DownstreamPlan: Equatable, Sendable {
    package var target: DownstreamTarget
    /// One message for each, in this order.
    package var ids: [String]
    /// Between two of them; the step is done with the first, the others follow by themselves.
    package var every: Duration?
    package var data: [DataPair] = []
    package var timeToLive: Duration?
    package var collapseKey: String?
    package var priority: MessagePriority?
    package var wantsReceipt = false
    package var isDryRun = false
    /// Nil: as the app server chooses.
    package var connection: ConnectionChoice?

    package init(target: DownstreamTarget, ids: [String]) {
        self.target = target
        self.ids = ids
    }

    /// The payload as JSON; nil: there is none.
    package var payload: DataPayload? { data.isEmpty ? nil : DataPayload(pairs: data) }
}

package enum DownstreamTarget: Equatable, Sendable {
    /// The token of a device of the cast.
    case device(Participant)
    case topic(TopicName)
    case condition(String)
    /// A `to` as it is, good or bad.
    case token(String)
}

package enum MessagePriority: String, Sendable, CaseIterable {
    case normal, high
}

/// An ACK that a step sends, right or wrong.
package struct AckPlan: Equatable, Sendable {
    package var id: String
    /// Whose message; nil: of the only device that sent one with this ID.
    package var from: Participant?
    /// Nil: the connection that carried it last.
    package var connection: ConnectionChoice?
    /// The `message_type` on the wire.
    package var type = "ack"
    package var times = 1

    package init(id: String) {
        self.id = id
    }
}

/// What a client with a bug writes.
package enum RawFrame: Equatable, Sendable {
    /// The text of a `<gcm>` element, whether or not it is JSON; escaped for XML.
    case json(RawText)
    /// Bytes as they are.
    case xml(RawText)
}

/// A text in which `{{phone}}` stands for the token of that device.
package struct RawText: Equatable, Sendable {
    package let pieces: [Piece]

    package enum Piece: Equatable, Sendable {
        case text(String)
        case token(of: Participant)
    }

    package init(_ pieces: [Piece]) {
        self.pieces = pieces
    }

    /// The text with the tokens put in; nil while one of them is unknown.
    package func text(token: (Participant) -> RegistrationToken?) -> String? {
        var text = ""
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .token(let device):
                guard let token = token(device) else { return nil }
                text += token.text
            }
        }
        return text
    }
}
