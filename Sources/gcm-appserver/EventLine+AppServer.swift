import CloudMessaging
import Command
import GCMAppServer

extension EventLine {
    /// The line of an event (contract: "Events on stdout"); nil: it has none.
    init?(_ event: GCMAppServer.Event, at now: Instant) {
        switch event {
        case .connected(let connection):
            self.init("connected", at: now)
            add("connection", connection)
        case .draining(let connection):
            self.init("draining", at: now)
            add("connection", connection)
        case .disconnected(let connection, let reason):
            self.init("disconnected", at: now)
            add("connection", connection)
            add("reason", reason)
        case .message(let message):
            self.init("upstream", at: now)
            add("message_id", message.messageID)
            add("from", message.from)
            if let category = message.category { add("category", category) }
            add("data", json: message.data.json.withoutLineBreaks)
            add("attempt", message.attempt)
        case .acknowledged(let from, let messageID, _):
            self.init("ack_sent", at: now)
            add("message_id", messageID)
            add("from", from)
        case .skipped(let from, let messageID):
            self.init("ack_skipped", at: now)
            add("message_id", messageID)
            add("from", from)
        default:
            return nil
        }
    }
}

extension [UInt8] {
    /// A JSON text on one line. Line breaks stand between tokens only: inside a string JSON has
    /// them escaped.
    fileprivate var withoutLineBreaks: [UInt8] {
        let isBreak = { (byte: UInt8) in byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") }
        return contains(where: isBreak) ? filter { !isBreak($0) } : self
    }
}
