import CloudMessaging
import Journal

@testable import Invariants

/// A journal made up, event by event, and what the books say of it.
struct Story {
    var invariants: Invariants

    init(maxUnacked: Int = 100, isLive: Bool = false) {
        invariants = Invariants(maxUnacked: maxUnacked, isLive: isLive)
    }

    static let registration = Registration(
        number: 1, device: DeviceID(7001), category: name("com.example.app", Category.init),
        token: RegistrationToken("token"), senders: [name("4711", SenderID.init)])
    static let lane = LaneID(sender: SenderNumber(rawValue: 0), index: 3)

    static func name<Name>(_ text: String, _ make: (String) -> Name?) -> Name {
        guard let name = make(text) else { preconditionFailure("a good name") }
        return name
    }

    static func up(_ number: Int64, id: String? = nil) -> UpstreamMessage {
        UpstreamMessage(
            key: MessageKey(lane: lane, sequence: number), origin: registration,
            id: name(id ?? "m-\(number)", MessageID.init), data: .empty, timeToLive: 60,
            expiry: Instant(nanoseconds: 60_000_000_000))
    }

    static func down(
        _ number: Int64, collapseKey: String? = nil, receipt: Bool = false
    ) -> DownstreamMessage {
        DownstreamMessage(
            sequence: number, registration: registration,
            template: DownstreamTemplate(
                sender: SenderNumber(rawValue: 0), id: name("d-\(number)", MessageID.init),
                collapseKey: collapseKey, content: [], wantsReceipt: receipt, timeToLive: 60,
                expiry: Instant(nanoseconds: 60_000_000_000)))
    }

    private mutating func tell(
        _ kind: JournalEvent.Kind, _ subject: JournalEvent.Subject, _ state: MessageState? = nil,
        on connection: Int? = nil, count: Int? = nil
    ) {
        invariants.observe(
            JournalEvent(
                kind, at: Instant(nanoseconds: 0), by: .relay, about: subject,
                connection: connection, state: state,
                detail: count.map { JournalEvent.Detail(count: $0) }))
    }

    /// Written, ACKed, settled.
    static func way(of message: UpstreamMessage) -> [JournalEvent] {
        let steps: [(JournalEvent.Kind, MessageState?)] = [
            (.upstreamStanza, .inFlight), (.upstreamAck, nil), (.messageState, .settled),
        ]
        return steps.map { kind, state in
            JournalEvent(
                kind, at: Instant(nanoseconds: 0), by: .relay, about: .upstream(message),
                connection: 1, state: state)
        }
    }

    mutating func queued(_ message: UpstreamMessage) {
        tell(.messageState, .upstream(message), .queued)
    }

    mutating func sent(_ message: UpstreamMessage, on connection: Int = 1) {
        tell(.upstreamStanza, .upstream(message), .inFlight, on: connection)
    }

    mutating func settled(_ message: UpstreamMessage, on connection: Int = 1) {
        tell(.upstreamAck, .upstream(message), on: connection)
        tell(.messageState, .upstream(message), .settled, on: connection)
    }

    mutating func queued(_ message: DownstreamMessage) {
        tell(.messageState, .downstream(message), .queued)
    }

    mutating func delivered(_ message: DownstreamMessage, on stream: Int = 2) {
        tell(.delivery, .downstream(message), .inFlight, on: stream)
    }

    mutating func confirmed(_ message: DownstreamMessage, on stream: Int = 2) {
        tell(.deliveryAcknowledged, .nothing, on: stream, count: 1)
        tell(.messageState, .downstream(message), .settled, on: stream)
    }

    mutating func closed(_ connection: Int) {
        tell(.connectionClosed, .nothing, on: connection)
    }

    /// The relay's process is gone; a store that has everything, or nothing.
    mutating func relayDied(hasEverything: Bool) {
        invariants.relayDied(now: Instant(nanoseconds: 0), store: Self.store(hasEverything))
    }

    mutating func ends(hasEverything: Bool) {
        invariants.checkEverythingArrived(
            now: Instant(nanoseconds: 0), store: Self.store(hasEverything), devices: [])
    }

    private static func store(_ hasEverything: Bool) -> StoreContents {
        StoreContents(
            isStored: { _ in hasEverything },
            standing: { _ in hasEverything ? .stored : .missing })
    }

    var broken: Invariant? { invariants.violation?.invariant }
}
