/// What a deed means at a point; a pair that is not in the table means nothing and is refused.
package struct FaultEffect: Sendable {
    package let point: FaultPoint
    package let deed: FaultDeed.Name
    /// What both drivers do, as a sentence.
    package let meaning: String

    /// Every pair that makes sense, in the order of points and deeds.
    package static let all: [FaultEffect] = FaultPoint.allCases.flatMap { point in
        FaultDeed.Name.allCases.compactMap { deed in
            meaning(of: deed, at: point).map { FaultEffect(point: point, deed: deed, meaning: $0) }
        }
    }

    /// Nil: the pair makes no sense.
    package static func meaning(of deed: FaultDeed.Name, at point: FaultPoint) -> String? {
        switch point {
        case .upstreamStanza, .receipt: ofWriting(deed) ?? ofConnection(deed)
        case .upstreamAck: ofAck(deed) ?? ofConnection(deed)
        case .downstreamStanza: ofRequest(deed) ?? ofConnection(deed)
        case .downstreamAnswer: ofAnswer(deed) ?? ofConnection(deed)
        case .connection: ofBinding(deed)
        case .login: ofLogin(deed)
        }
    }

    /// The relay writes a message or a receipt, and counts an attempt.
    private static func ofWriting(_ deed: FaultDeed.Name) -> String? {
        switch deed {
        case .drop: "the stanza is not written; the relay believes that it was"
        case .delay: "the stanza is written later; others pass it"
        case .duplicate: "the stanza is written twice; it counts as one attempt"
        case .reorder: "the stanza is written after the next one"
        case .corrupt: "one bit of the stanza is turned over"
        case .reset: "half of the stanza is written, then the connection is reset"
        case .nack, .fin, .silent, .drain, .refuse: nil
        }
    }

    private static func ofAck(_ deed: FaultDeed.Name) -> String? {
        switch deed {
        case .drop: "the relay does not hear the ACK"
        case .delay: "the relay hears the ACK later; others pass it"
        case .duplicate: "the relay hears the ACK twice"
        case .reorder: "the relay hears the ACK after the next one"
        case .corrupt: "the ACK names another message_id: one bit of it is turned over"
        case .nack: "the relay does not hear the ACK and answers it with a NACK"
        case .reset: "the relay does not hear the ACK; the connection is reset"
        case .fin, .silent, .drain, .refuse: nil
        }
    }

    private static func ofRequest(_ deed: FaultDeed.Name) -> String? {
        switch deed {
        case .drop: "the relay does not hear the request; no answer comes"
        case .delay: "the relay hears the request later; others pass it"
        case .duplicate: "the relay hears the request twice, and answers twice"
        case .reorder: "the relay hears the request after the next one"
        case .corrupt: "the request has another message_id: one bit of it is turned over"
        case .nack: "the relay answers with a NACK, and nothing is sent to the device"
        case .reset: "the relay does not hear the request; the connection is reset"
        case .fin, .silent, .drain, .refuse: nil
        }
    }

    private static func ofAnswer(_ deed: FaultDeed.Name) -> String? {
        switch deed {
        case .nack: "the answer is a NACK, although the message may reach its device"
        case .drop: "the answer is not written"
        case .delay: "the answer is written later; others pass it"
        case .duplicate: "the answer is written twice"
        case .reorder: "the answer is written after the next one"
        case .corrupt: "one bit of the answer is turned over"
        case .reset: "half of the answer is written, then the connection is reset"
        case .fin, .silent, .drain, .refuse: nil
        }
    }

    /// What befalls a connection when one of its stanzas meets the fault.
    private static func ofConnection(_ deed: FaultDeed.Name) -> String? {
        switch deed {
        case .fin: "the stream and the connection are closed in order, without the stanza"
        case .silent: "from here on the relay reads and writes nothing; the connection stays open"
        case .drain: "CONNECTION_DRAINING is written first, then the stanza has its way"
        case .drop, .delay, .duplicate, .reorder, .corrupt, .nack, .reset, .refuse: nil
        }
    }

    private static func ofBinding(_ deed: FaultDeed.Name) -> String? {
        switch deed {
        case .delay: "the answer to the binding comes later"
        case .reset: "the connection is reset instead of bound"
        case .fin: "the stream and the connection are closed in order instead of bound"
        case .silent: "the connection is bound; then the relay reads and writes nothing"
        case .drain: "the connection is bound and at once drained"
        case .refuse: "the stream ends with policy-violation, as with too many connections"
        case .drop, .duplicate, .reorder, .corrupt, .nack: nil
        }
    }

    private static func ofLogin(_ deed: FaultDeed.Name) -> String? {
        switch deed {
        case .drop: "no answer to the login comes"
        case .delay: "the answer to the login comes later"
        case .reset: "the connection is reset instead of an answer"
        case .fin: "the stream and the connection are closed in order instead of an answer"
        case .silent: "no answer comes, and the relay reads and writes nothing more"
        case .refuse: "the login fails with not-authorized, whatever the key"
        case .duplicate, .reorder, .corrupt, .nack, .drain: nil
        }
    }
}
