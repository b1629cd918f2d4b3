import CloudMessaging
import Journal

/// What app servers asked the relay to deliver, as far as a scenario can have them ask again.
///
/// That is what was taken for one device of the cast. Topics and groups are left out, as no journal
/// says who belongs to them, and so is what was refused.
struct RecordedRequests {
    /// The places of requests that the relay answered with an ACK.
    private var taken: Set<Int> = []
    /// The places of requests that became a message, or one at once expired.
    private var stored: Set<Int> = []
    /// The receipts that were on their way.
    private var receipts: Set<MessagePair> = []

    init(_ events: [RecordedEvent]) {
        for recorded in events {
            let event = recorded.event
            switch event.kind {
            case .downstreamAnswer where event.detail?.error == nil:
                if let request = recorded.cause { taken.insert(request) }
            case .messageState where event.direction == .downstream:
                if let request = recorded.cause { stored.insert(request) }
            case .receipt:
                if let pair = event.pair { receipts.insert(pair) }
            default: break
            }
        }
    }

    /// What a step has an app server send; nil: the request cannot be made again.
    func step(for request: RecordedEvent, to device: RecordedCast.Device?) -> String? {
        let isStored = stored.contains(request.place)
        guard let device, let pair = request.event.pair, isStored || taken.contains(request.place)
        else { return nil }
        var message = "id: \(quoted(pair.id.text)), to: \(device.name)"
        if let data = request.event.data, data != .empty {
            message += ", data: \(String(decoding: data.json, as: UTF8.self))"
        }
        if receipts.contains(MessagePair(token: pair.token, id: .receipt(for: pair.id))) {
            message += ", receipt: true"
        }
        if !isStored { message += ", dry-run: true" }
        return "{sends: {\(message)}}"
    }

    /// Whether an ACK is meant for a receipt: one that settles nothing names the service as it came.
    func isOfReceipt(_ acknowledgement: JournalEvent) -> Bool {
        guard let pair = acknowledgement.pair else { return false }
        return pair.token == .receipts || receipts.contains(pair)
    }
}

extension JournalEvent {
    fileprivate var pair: MessagePair? {
        guard let id = messageID, let token = from else { return nil }
        return MessagePair(token: token, id: id)
    }
}
