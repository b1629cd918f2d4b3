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
            add(
                "data",
                json: DataPayload(json: message.data.json).withUniqueKeys.json.withoutLineBreaks)
            add("attempt", message.attempt)
        case .acknowledged(let from, let messageID, _):
            self.init("ack_sent", at: now)
            add("message_id", messageID)
            add("from", from)
        case .skipped(let from, let messageID):
            self.init("ack_skipped", at: now)
            add("message_id", messageID)
            add("from", from)
        case .receipt(let receipt):
            self.init("receipt", at: now)
            add("message_id", receipt.messageID)
            add("receipt_id", receipt.receiptID)
            if let status = receipt.status { add("message_status", status) }
            if let token = receipt.deviceRegistrationID { add("device_registration_id", token) }
            if let time = receipt.sentTimestamp { add("message_sent_timestamp", Int(time)) }
            if let category = receipt.category { add("category", category) }
        default:
            return nil
        }
    }

    /// The relay has taken a downstream message.
    init(_ acceptance: GCMAppServer.Acceptance, at now: Instant) {
        self.init("downstream_ack", at: now)
        add("message_id", acceptance.messageID)
        if let token = acceptance.canonicalRegistrationID { add("registration_id", token) }
        add(failedRegistrationIDs: acceptance.failedRegistrationIDs)
    }

    /// The relay has refused a downstream message.
    init(_ nack: GCMAppServer.Nack, to messageID: String, at now: Instant) {
        self.init("downstream_nack", at: now)
        add("message_id", messageID)
        add("error", nack.error.name)
        add("error_description", nack.description)
        add(failedRegistrationIDs: nack.failedRegistrationIDs)
    }

    private mutating func add(failedRegistrationIDs ids: [String]) {
        guard !ids.isEmpty else { return }
        var json: [UInt8] = []
        for id in ids {
            json.append(UInt8(ascii: json.isEmpty ? "[" : ","))
            JSONStrings.append(id, to: &json)
        }
        add("failed_registration_ids", json: json + [UInt8(ascii: "]")])
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
