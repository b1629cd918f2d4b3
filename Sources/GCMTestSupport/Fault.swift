internal import CloudMessaging
internal import Faults

extension TestRelay {
    /// Something that goes wrong on purpose: where it bites, what it does, and how often.
    /// `docs/faults.md` says what each pair means.
    public struct Fault: Sendable {
        /// Where it bites.
        public var point: Point
        /// What it does there.
        public var deed: Deed
        /// What it bites, in the match language; nil: everything at its point.
        public var match: String?
        /// Only the first so many times; nil: always.
        public var times: Int?
        /// By chance, 0 never and 1 always; nil: always.
        public var probability: Double?

        /// - Parameters:
        ///   - match: `sender_id=4711 and data.parcel~"^1"`
        ///   - times: or `probability`, not both.
        public init(
            on point: Point, do deed: Deed, matching match: String? = nil, times: Int? = nil,
            probability: Double? = nil
        ) {
            self.point = point
            self.deed = deed
            self.match = match
            self.times = times
            self.probability = probability
        }

        /// Where a fault can bite, on the app server's side.
        public enum Point: String, Sendable, CaseIterable {
            /// The relay is about to write a message to an app server.
            case upstreamStanza = "upstream.stanza"
            /// An ACK of an app server has come.
            case upstreamAck = "upstream.ack"
            /// A request of an app server has come.
            case downstreamStanza = "downstream.stanza"
            /// The relay is about to answer a request.
            case downstreamAnswer = "downstream.answer"
            /// The relay is about to write a delivery receipt.
            case receipt
            /// An app server's connection is about to be bound.
            case connection
            /// An app server logs in.
            case login
        }

        /// What a fault can do.
        public enum Deed: Hashable, Sendable {
            case drop, duplicate, reorder, corrupt, reset, fin, silent, drain, refuse
            case delay(Duration)
            /// With the error code that the answer has.
            case nack(String)
        }
    }
}

extension TestRelay.Fault {
    func rule() throws(FaultRuleError) -> FaultRule {
        var draft = FaultDraft()
        try draft.set("on", .text(point.rawValue))
        try draft.set("do", .text(deed.name))
        if let match { try draft.set("match", .text(match)) }
        if let times { try draft.set("times", .number("\(times)")) }
        if let probability { try draft.set("probability", .number("\(probability)")) }
        switch deed {
        case .delay(let delay): try draft.set("delay", .text(DurationText.text(of: delay)))
        case .nack(let code): try draft.set("code", .text(code))
        default: break
        }
        return try draft.rule()
    }
}

extension TestRelay.Fault.Deed {
    fileprivate var name: String {
        switch self {
        case .drop: "drop"
        case .duplicate: "duplicate"
        case .reorder: "reorder"
        case .corrupt: "corrupt"
        case .reset: "reset"
        case .fin: "fin"
        case .silent: "silent"
        case .drain: "drain"
        case .refuse: "refuse"
        case .delay: "delay"
        case .nack: "nack"
        }
    }
}
