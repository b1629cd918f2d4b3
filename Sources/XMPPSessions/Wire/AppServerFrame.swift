import CloudMessaging
import XMPP

/// What an app server said in a `<message/>`.
enum AppServerFrame {
    case acknowledgement(MessagePair)
    /// An ACK without a usable `message_id` or `to`.
    case badAcknowledgement(reason: String, to: String?, messageID: String?)
    /// A downstream request; anything whose `message_type` is not known is taken for one, as the
    /// real service did (google/gcm #239).
    case request(to: String?, messageID: String, messageType: String?)
    /// Nothing that an answer could name.
    case unattributable(reason: String)

    /// Reads the JSON of `<gcm/>`.
    init(_ json: [UInt8]) {
        do throws(JSONError) {
            let members = try Members(json)
            if members.messageType.text == "ack" {
                self = .acknowledgement(of: members)
            } else if let messageID = members.messageID.text {
                self = .request(
                    to: members.to.text, messageID: messageID,
                    messageType: members.messageType.text)
            } else {
                self = .unattributable(
                    reason: members.messageID.isMissing
                        ? "Missing Required Field: message_id"
                        : "Field \"message_id\" must be a JSON java.lang.String")
            }
        } catch {
            self = .unattributable(reason: error.description)
        }
    }

    private static func acknowledgement(of members: Members) -> AppServerFrame {
        guard let to = members.to.text, !to.isEmpty else {
            return .badAcknowledgement(
                reason: "the ACK has no \"to\": it must repeat the message's \"from\"",
                to: members.to.text, messageID: members.messageID.text)
        }
        guard let text = members.messageID.text, let id = MessageID(text) else {
            return .badAcknowledgement(
                reason: "the ACK has no usable \"message_id\": it must repeat the message's",
                to: to, messageID: members.messageID.text)
        }
        return .acknowledgement(MessagePair(token: RegistrationToken(to), id: id))
    }

    /// The members that say what a frame is; the last of equal names counts.
    private struct Members {
        var messageType = Field.missing
        var messageID = Field.missing
        var to = Field.missing

        init(_ json: [UInt8]) throws(JSONError) {
            let result = json.withUnsafeBufferPointer { bytes in
                Result { () throws(JSONError) in
                    var found = Members()
                    var scanner = JSONScanner(bytes)
                    try scanner.scanObject { key, value in
                        if JSONStrings.spells("message_type", key, in: bytes) {
                            found.messageType = Field(value, in: bytes)
                        } else if JSONStrings.spells("message_id", key, in: bytes) {
                            found.messageID = Field(value, in: bytes)
                        } else if JSONStrings.spells("to", key, in: bytes) {
                            found.to = Field(value, in: bytes)
                        }
                    }
                    return found
                }
            }
            self = try result.get()
        }

        private init() {}
    }

    private enum Field {
        case missing
        case illTyped
        case text(String)

        init(_ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>) {
            guard value.kind == .string, let text = JSONStrings.decode(value, in: bytes) else {
                self = .illTyped
                return
            }
            self = .text(text)
        }

        var text: String? {
            guard case .text(let text) = self else { return nil }
            return text
        }

        var isMissing: Bool {
            guard case .missing = self else { return false }
            return true
        }
    }
}
