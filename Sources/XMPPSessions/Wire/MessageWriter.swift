import CloudMessaging
import RelayMachine
import XMPP

/// Writes upstream messages and answers to app servers in the form that the quirks ask for.
///
/// What all messages of a connection share is written once; the rest is copied as bytes.
struct MessageWriter {
    private let quirks: WireQuirks
    /// Everything of a stanza before its `id`: of an upstream message, and of a receipt.
    private let upstreamStart: [UInt8]
    private let receiptStart: [UInt8]
    private var json: [UInt8] = []

    /// - Parameter jid: the app server's full address.
    init(quirks: WireQuirks, jid: JID) {
        self.quirks = quirks
        upstreamStart = Self.start(quirks, from: "devices@gcm.googleapis.com", to: jid)
        receiptStart = Self.start(quirks, from: RegistrationToken.receipts.text, to: jid)
    }

    private static func start(_ quirks: WireQuirks, from: String, to jid: JID) -> [UInt8] {
        var writer = XMLWriter()
        writer.openTag("message")
        if quirks.messageAttributes == .addressed {
            writer.attribute("to", jid.description)
            writer.attribute("from", from)
            writer.attribute("type", "normal")
        }
        return writer.bytes
    }

    /// Gives back what only the next message needs.
    mutating func releaseMemory() {
        json = []
    }

    /// An upstream message (protocol sheet §2.1) or a receipt (§3.5).
    ///
    /// Its data came through XML or was written by `JSONStrings`, so XML can carry it as it is.
    mutating func upstream(_ message: UpstreamMessage, to output: inout XMLWriter) {
        let isReceipt = message.kind == .receipt
        output.bytes.append(contentsOf: isReceipt ? receiptStart : upstreamStart)
        switch quirks.stanzaID {
        case .messageID: output.attribute("id", message.id.text)
        case .empty: output.attribute("id", "")
        case .absent: break
        }
        output.markup(#"><gcm xmlns="google:mobile:data">"#)
        json.removeAll(keepingCapacity: true)
        switch quirks.upstreamMembers {
        case _ where isReceipt:
            append(#"{"category":"#, message.origin.category.text)
            append(#","data":"#)
            json.append(contentsOf: message.data.json)
            append(#","message_id":"#, message.id.text)
            append(#","message_type":"receipt","from":"#, RegistrationToken.receipts.text)
            append(#","time_to_live":0"#)
        case .observed:
            append(#"{"data":"#)
            json.append(contentsOf: message.data.json)
            append(#","time_to_live":"#)
            json.append(contentsOf: String(message.timeToLive).utf8)
            append(#","from":"#, message.origin.token.text)
            append(#","message_id":"#, message.id.text)
            append(#","category":"#, message.origin.category.text)
        case .documented:
            append(#"{"category":"#, message.origin.category.text)
            append(#","data":"#)
            json.append(contentsOf: message.data.json)
            append(#","message_id":"#, message.id.text)
            append(#","from":"#, message.origin.token.text)
        }
        append("}")
        output.text(json)
        output.markup("</gcm></message>")
    }

    /// The answer to a request that was taken (protocol sheet §3.2).
    mutating func ack(
        to addressee: String, messageID: String, canonical: RegistrationToken?,
        to output: inout XMLWriter
    ) {
        json.removeAll(keepingCapacity: true)
        append(#"{"message_type":"ack","from":"#, addressee)
        append(#","message_id":"#, messageID)
        if let canonical { append(#","registration_id":"#, canonical.text) }
        append("}")
        answer(to: &output)
    }

    /// The answer to a request to a group, with the numbers of HTTP (protocol sheet §3.7): an ACK,
    /// or a NACK when no member is registered any more.
    mutating func group(
        reached: Int, failed: [RegistrationToken], to addressee: String, messageID: String,
        to output: inout XMLWriter
    ) {
        json.removeAll(keepingCapacity: true)
        append(reached > 0 ? #"{"message_type":"ack","from":"# : #"{"message_type":"nack","from":"#)
        JSONStrings.append(addressee, to: &json)
        append(#","message_id":"#, messageID)
        if reached == 0 {
            append(#","error":"#, DownstreamError.deviceUnregistered.rawValue)
            append(#","error_description":"#, "no member of the group is registered any more")
        }
        json += Array(#","success":\#(reached),"failure":\#(failed.count)"#.utf8)
        for (index, token) in failed.enumerated() {
            append(index == 0 ? #","failed_registration_ids":["# : ",")
            JSONStrings.append(token.text, to: &json)
        }
        append(failed.isEmpty ? "}" : "]}")
        answer(to: &output)
    }

    /// A negative answer to a request or an ACK (protocol sheet §3.2).
    mutating func nack(
        _ error: String, _ description: String, to: String?, messageID: String?,
        to output: inout XMLWriter
    ) {
        json = []
        append(#"{"message_type":"nack""#)
        if let to { append(#","from":"#, to) }
        if let messageID { append(#","message_id":"#, messageID) }
        append(#","error":"#, error)
        append(
            #","error_description":"#, quirks.errorDescription == .text ? description : "")
        append("}")
        answer(to: &output)
    }

    /// The announcement that a connection gets nothing new (protocol sheet §3.6).
    mutating func draining(to output: inout XMLWriter) {
        json = Array(#"{"message_type":"control","control_type":"CONNECTION_DRAINING"}"#.utf8)
        answer(to: &output)
    }

    private mutating func answer(to output: inout XMLWriter) {
        output.markup(quirks.stanzaID == .empty ? #"<message id="">"# : "<message>")
        switch quirks.answerPrefix {
        case .data:
            output.markup(#"<data:gcm xmlns:data="google:mobile:data">"#)
            output.text(json)
            output.markup("</data:gcm></message>")
        case .absent:
            output.markup(#"<gcm xmlns="google:mobile:data">"#)
            output.text(json)
            output.markup("</gcm></message>")
        }
    }

    private mutating func append(_ literal: StaticString) {
        literal.withUTF8Buffer { json.append(contentsOf: $0) }
    }

    private mutating func append(_ member: StaticString, _ value: String) {
        append(member)
        JSONStrings.append(value, to: &json)
    }
}
