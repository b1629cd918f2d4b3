import CloudMessaging
import Journal

/// What became of stanzas after they came, and is known only from later events.
struct RecordedFates {
    /// The places of ACKs that a fault kept from the relay.
    private(set) var lostAcknowledgements: Set<Int> = []
    /// The places of uploads that a device's library made again by itself.
    private(set) var repeatedUploads: Set<Int> = []
    private var uploads: Set<[String]> = []
    /// Faults that a recording cannot do again.
    private(set) var otherFaults = 0
    /// The message that an upload became, by the upload's place.
    private var messages: [Int: Int64] = [:]
    private var expiries: [Int64: Instant] = [:]

    init(_ events: [RecordedEvent]) {
        for recorded in events {
            let event = recorded.event
            switch (event.kind, event.state) {
            case (.fault, _):
                if let place = recorded.cause, events[place].event.kind == .upstreamAck,
                    event.detail?.deed == "drop"
                {
                    lostAcknowledgements.insert(place)
                } else {
                    otherFaults += 1
                }
            case (.upload, _):
                let name = [event.actor.text, event.category?.text, event.upload?.text]
                let isNew = uploads.insert(name.compactMap(\.self)).inserted
                if !isNew, event.upload != nil { repeatedUploads.insert(recorded.place) }
            case (.messageState, .queued):
                if let upload = recorded.cause { messages[upload] = event.message }
            case (.messageState, .expired):
                if let message = event.message { expiries[message] = event.instant }
            default: break
            }
        }
    }

    /// How long a message lived at most, in whole seconds, if it expired: no journal has its time to
    /// live.
    func timeToLive(of upload: RecordedEvent) -> Int64? {
        guard let message = messages[upload.place], let expiry = expiries[message] else {
            return nil
        }
        return upload.event.instant.duration(to: expiry).components.seconds
    }
}
