import CloudMessaging
import Journal

extension JournalEvent {
    /// An event that has little to say.
    static func example(_ kind: Kind, connection: Int? = nil) -> JournalEvent {
        JournalEvent(kind, at: Instant(nanoseconds: 0), by: .relay, connection: connection)
    }
}

/// A message of a courier, and what it needs.
enum Example {
    static let sender = SenderID("4711")
    static let instant = Instant(nanoseconds: 1_767_323_045_678_000_009)

    static let registration = Registration(
        number: 1, device: DeviceID(7_001), category: name(Category("com.example.courier")),
        token: RegistrationToken("tok:1"), senders: [])

    static func upstream(
        id: String = "m-17", data: String = #"{"parcel":"17"}"#,
        kind: UpstreamMessage.Kind = .message
    ) -> UpstreamMessage {
        let lane = LaneID(sender: SenderNumber(rawValue: 3), index: 5)
        return UpstreamMessage(
            key: MessageKey(lane: lane, sequence: 12), origin: registration,
            id: name(MessageID(id)), data: DataPayload(json: Array(data.utf8)),
            timeToLive: 60, expiry: .never, kind: kind)
    }

    static func downstream(content: String) -> DownstreamMessage {
        DownstreamMessage(
            sequence: 13, registration: registration,
            template: DownstreamTemplate(
                sender: SenderNumber(rawValue: 3), id: name(MessageID("d-1")),
                content: Array(content.utf8), timeToLive: 60, expiry: .never))
    }

    private static func name<Name>(_ name: Name?) -> Name {
        guard let name else { preconditionFailure("an example's names are good") }
        return name
    }
}
