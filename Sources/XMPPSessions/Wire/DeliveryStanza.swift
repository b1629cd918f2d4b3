import CloudMessaging
import XMPP

/// A downstream message on the device stream: `<message id="message ID" from="sender's address">`
/// around the JSON `{"app":…,"message_id":…,"from":…}`, which goes on with what the app server
/// sent: `data`, `notification`, `collapse_key`, `priority`, `content_available`,
/// `mutable_content`, each optional. The JSON `from` is the sender ID, or the address of the topic that
/// the message was sent to. Or the notice that messages were dropped:
/// `<message from="gcm.googleapis.com">` around
/// `{"app":…,"message_type":"deleted_messages","total_deleted":"101"}`.
enum DeliveryStanza {
    /// What a device reads.
    enum Delivery {
        case message(DeliveredMessage)
        case deletion(Category, total: Int)
        /// Neither, and why.
        case unusable(reason: String)
    }

    // MARK: Writing

    /// Writes a message for the device that holds its registration.
    ///
    /// Its content came through XML or was written by `JSONStrings`, so XML can carry it as it is.
    static func write(
        _ message: DownstreamMessage, from sender: SenderID, to output: inout XMLWriter
    ) {
        output.markup("<message")
        output.attribute("id", message.id.text)
        // A sender ID holds nothing to escape.
        output.markup(" from=\"")
        output.bytes.append(contentsOf: sender.text.utf8)
        output.markup("@gcm.googleapis.com\"><gcm xmlns=\"google:mobile:data\">")
        output.text { json in
            append(#"{"app":"#, message.registration.category.text, to: &json)
            append(#","message_id":"#, message.id.text, to: &json)
            append(#","from":"#, message.topic?.address ?? sender.text, to: &json)
            appendMembers(of: message.content, to: &json)
            json.append(UInt8(ascii: "}"))
        }
        output.markup("</gcm></message>")
    }

    /// Writes that messages for an app were dropped (protocol sheet §3.4).
    static func write(
        _ notice: DeletionNotice, of registration: Registration, to output: inout XMLWriter
    ) {
        output.markup("<message from=\"gcm.googleapis.com\"><gcm xmlns=\"google:mobile:data\">")
        output.text { json in
            append(#"{"app":"#, registration.category.text, to: &json)
            append(
                #","message_type":"deleted_messages","total_deleted":"#, String(notice.total),
                to: &json)
            json.append(UInt8(ascii: "}"))
        }
        output.markup("</gcm></message>")
    }

    private static func append(_ member: StaticString, _ value: String, to json: inout [UInt8]) {
        member.withUTF8Buffer { json.append(contentsOf: $0) }
        JSONStrings.append(value, to: &json)
    }

    /// Appends the members of an object's text behind others.
    private static func appendMembers(of object: [UInt8], to json: inout [UInt8]) {
        let members = object.dropFirst().dropLast()
        // An object may be empty and yet hold white space.
        guard members.contains(where: { $0 > 0x20 }) else { return }
        json.append(UInt8(ascii: ","))
        json.append(contentsOf: members)
    }

    // MARK: Reading

    /// Reads what a `<message/>` carries; nil when it is no `<gcm/>`.
    static func read(_ stanza: Element) -> Delivery? {
        guard let gcm = stanza.firstChild("gcm", in: GCMNamespace.data) else { return nil }
        return stanza.children[gcm].text.withUnsafeBufferPointer { json in
            do throws(JSONError) {
                return try Members(json).delivery
            } catch {
                return .unusable(reason: "\(error) of a delivery's JSON")
            }
        }
    }

    /// The members of a delivery's JSON; the last of equal names counts, and what has another name
    /// or another type is passed over.
    private struct Members {
        private var app: String?
        private var messageID: String?
        private var from: String?
        private var collapseKey: String?
        private var messageType: String?
        private var totalDeleted: String?
        private var data: DataPayload?
        private var notification: DataPayload?
        private var contentAvailable = false
        private var mutableContent = false

        init(_ json: UnsafeBufferPointer<UInt8>) throws(JSONError) {
            var scanner = JSONScanner(json)
            try scanner.scanObject { key, value in
                switch value.kind {
                case .string: takeText(key, value, in: json)
                case .object: takeObject(key, value, in: json)
                case .boolean: takeFlag(key, value, in: json)
                case .array, .number, .null: break
                }
            }
        }

        private mutating func takeText(
            _ key: JSONValue, _ value: JSONValue, in json: UnsafeBufferPointer<UInt8>
        ) {
            for (name, field) in Self.texts where JSONStrings.spells(name, key, in: json) {
                self[keyPath: field] = JSONStrings.decode(value, in: json)
            }
        }

        private static let texts:
            [(StaticString, any WritableKeyPath<Members, String?> & Sendable)] =
                [
                    ("app", \.app), ("message_id", \.messageID), ("from", \.from),
                    ("collapse_key", \.collapseKey), ("message_type", \.messageType),
                    ("total_deleted", \.totalDeleted),
                ]

        private mutating func takeObject(
            _ key: JSONValue, _ value: JSONValue, in json: UnsafeBufferPointer<UInt8>
        ) {
            if JSONStrings.spells("data", key, in: json) {
                data = DataPayload(json: Array(json[value.range]))
            } else if JSONStrings.spells("notification", key, in: json) {
                notification = DataPayload(json: Array(json[value.range]))
            }
        }

        private mutating func takeFlag(
            _ key: JSONValue, _ value: JSONValue, in json: UnsafeBufferPointer<UInt8>
        ) {
            let isTrue = json[value.range.lowerBound] == UInt8(ascii: "t")
            if JSONStrings.spells("content_available", key, in: json) {
                contentAvailable = isTrue
            } else if JSONStrings.spells("mutable_content", key, in: json) {
                mutableContent = isTrue
            }
        }

        var delivery: Delivery {
            guard let app = app.flatMap({ Category($0) }) else {
                return .unusable(reason: "a delivery names no app")
            }
            guard messageType == nil else { return deletion(for: app) }
            guard let id = messageID.flatMap({ MessageID($0) }) else {
                return .unusable(reason: "a delivery to \(app) has no message_id")
            }
            guard let from else {
                return .unusable(reason: "message \(id) to \(app) does not say who sent it")
            }
            return .message(
                DeliveredMessage(
                    category: app, id: id, from: from, data: data ?? .empty,
                    notification: notification, collapseKey: collapseKey,
                    contentAvailable: contentAvailable, mutableContent: mutableContent))
        }

        private func deletion(for app: Category) -> Delivery {
            guard messageType == "deleted_messages" else {
                return .unusable(reason: "a delivery to \(app) is of an unknown message_type")
            }
            guard let total = totalDeleted.flatMap({ Int($0) }), total >= 0 else {
                return .unusable(reason: "a deletion notice for \(app) has no total_deleted")
            }
            return .deletion(app, total: total)
        }
    }
}
