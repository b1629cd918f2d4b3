import CloudMessaging
import RelayMachine
import XMPP

/// What an app server said in a `<message/>`.
enum AppServerFrame {
    case acknowledgement(MessagePair)
    /// An ACK without a usable `message_id` or `to`.
    case badAcknowledgement(reason: String, to: String?, messageID: String?)
    /// A downstream request; anything whose `message_type` is not known is taken for one, as the
    /// real service did (google/gcm #239).
    case request(DownstreamRequest, messageType: String?)
    /// A request that breaks a rule.
    case badRequest(RequestFault, to: String?, messageID: String, messageType: String?)
    /// Nothing that an answer could name.
    case unattributable(reason: String)

    /// Reads the JSON of `<gcm/>`.
    ///
    /// - Parameter bound: how long the condition of a request may be.
    init(_ json: [UInt8], bound: TopicCondition.Bound) {
        self = json.withUnsafeBufferPointer { AppServerFrame(scanning: $0, bound: bound) }
    }

    private init(scanning json: UnsafeBufferPointer<UInt8>, bound: TopicCondition.Bound) {
        do throws(JSONError) {
            let members = try Members(json)
            if let type = members.messageType, JSONStrings.spells("ack", type, in: json) {
                self = .acknowledgement(of: members)
            } else if let messageID = members.text(members.messageID) {
                self = try .request(messageID, members, json, bound)
            } else {
                self = .unattributable(
                    reason: members.messageID == nil
                        ? "Missing Required Field: message_id"
                        : "Field \"message_id\" must be a JSON java.lang.String")
            }
        } catch {
            self = .unattributable(reason: error.description)
        }
    }

    private static func request(
        _ messageID: String, _ members: Members, _ json: UnsafeBufferPointer<UInt8>,
        _ bound: TopicCondition.Bound
    ) throws(JSONError) -> AppServerFrame {
        let frame = try RequestFrame(json)
        let messageType = members.text(members.messageType)
        do throws(RequestFault) {
            guard let id = MessageID(messageID),
                Limits.messageIDBytes.contains(messageID.utf8.count)
            else {
                throw .json("message_id must have 1 to 256 bytes that XML can carry")
            }
            return .request(try frame.request(id: id, bound: bound), messageType: messageType)
        } catch {
            return .badRequest(
                error, to: members.text(members.to), messageID: messageID,
                messageType: messageType)
        }
    }

    private static func acknowledgement(of members: Members) -> AppServerFrame {
        let to = members.text(members.to)
        let messageID = members.text(members.messageID)
        guard let to, !to.isEmpty else {
            return .badAcknowledgement(
                reason: "the ACK has no \"to\": it must repeat the message's \"from\"",
                to: to, messageID: messageID)
        }
        guard let id = messageID.flatMap({ MessageID($0) }) else {
            return .badAcknowledgement(
                reason: "the ACK has no usable \"message_id\": it must repeat the message's",
                to: to, messageID: messageID)
        }
        // Receipts are from the service, whichever of its names the app server goes by.
        let token: RegistrationToken =
            to.hasSameBytes(as: "fcm.googleapis.com") ? .receipts : RegistrationToken(to)
        return .acknowledgement(MessagePair(token: token, id: id))
    }

    /// The members that say what a frame is, where they stand; the last of equal names counts.
    private struct Members {
        private let json: UnsafeBufferPointer<UInt8>
        private(set) var messageType: JSONValue?
        private(set) var messageID: JSONValue?
        private(set) var to: JSONValue?

        /// Valid as long as the buffer is.
        init(_ json: UnsafeBufferPointer<UInt8>) throws(JSONError) {
            self.json = json
            var scanner = JSONScanner(json)
            try scanner.scanObject { (key, scanner) throws(JSONError) in
                let value = try scanner.scanValue()
                if JSONStrings.spells("message_type", key, in: json) {
                    messageType = value
                } else if JSONStrings.spells("message_id", key, in: json) {
                    messageID = value
                } else if JSONStrings.spells("to", key, in: json) {
                    to = value
                }
            }
        }

        /// The text of a member; nil when it is missing or no string.
        func text(_ member: JSONValue?) -> String? {
            guard let member, member.kind == .string else { return nil }
            return JSONStrings.decode(member, in: json)
        }
    }
}
