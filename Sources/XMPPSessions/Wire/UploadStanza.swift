import CloudMessaging
import RelayMachine
import XMPP

/// An upload on the device stream: `<message id="upload ID" to="address">` around the JSON
/// `{"app":…,"message_id":…,"time_to_live":…,"data":{…}}`.
enum UploadStanza {
    /// Writes the upload of a pending message.
    static func write(
        _ message: PendingMessage, timeToLive: Int, to output: inout XMLWriter
    ) {
        var json = Array(#"{"app":"#.utf8)
        JSONStrings.append(message.category.text, to: &json)
        json += Array(#","message_id":"#.utf8)
        JSONStrings.append(message.id.text, to: &json)
        json += Array(#","time_to_live":\#(timeToLive),"data":"#.utf8)
        // The app's own JSON may hold U+FFFE raw, which would break the stream.
        json += XMLCharacters.escapingForbiddenCharacters(inJSON: message.data.json)
        json.append(UInt8(ascii: "}"))
        output.openTag("message")
        output.attribute("id", message.uploadID.text)
        output.attribute("to", message.to)
        output.bytes.append(contentsOf: #"><gcm xmlns="google:mobile:data">"#.utf8)
        output.text(json)
        output.bytes.append(contentsOf: "</gcm></message>".utf8)
    }

    /// Reads an upload, or says why it cannot be one.
    static func read(_ stanza: Element) throws(UploadRefusal) -> Upload {
        guard let id = stanza.id.flatMap({ UploadID($0) }) else {
            throw UploadRefusal(
                id: nil, .invalidParameters,
                "an upload needs an id of 1 to 64 printable ASCII characters")
        }
        guard let to = stanza.to, !to.isEmpty else {
            throw UploadRefusal(id: id, .missingTo, "an upload needs the address of a sender")
        }
        guard let gcm = stanza.firstChild("gcm", in: GCMNamespace.data) else {
            throw UploadRefusal(
                id: id, .invalidParameters,
                "an upload needs <gcm xmlns=\"google:mobile:data\">")
        }
        return try stanza.children[gcm].text.withUnsafeBufferPointer {
            (json) throws(UploadRefusal) in
            try Members(json, of: id).upload(id: id, to: to, json: json)
        }
    }

    /// The members of an upload's JSON; the last of equal names counts.
    private struct Members {
        private var app: String?
        private var category: String?
        private var from: String?
        private var messageID: String?
        private var timeToLive: Int?
        private var data: Range<Int>?
        private var payloadSize = 0

        init(_ json: UnsafeBufferPointer<UInt8>, of id: UploadID) throws(UploadRefusal) {
            var scanner = JSONScanner(json)
            do throws(JSONError) {
                try scanner.scanObject { (key, scanner) throws(JSONError) in
                    try scan(key, &scanner)
                }
            } catch {
                throw UploadRefusal(id: id, .invalidParameters, "\(error) of the upload's JSON")
            }
        }

        private mutating func scan(
            _ key: JSONValue, _ scanner: inout JSONScanner
        ) throws(JSONError) {
            if JSONStrings.spells("data", key, in: scanner.bytes) {
                (data, payloadSize) = try DataPayload.scan(&scanner)
            } else if JSONStrings.spells("time_to_live", key, in: scanner.bytes) {
                timeToLive = try UploadStanza.integer(&scanner)
            } else if JSONStrings.spells("app", key, in: scanner.bytes) {
                app = try UploadStanza.string(&scanner)
            } else if JSONStrings.spells("message_id", key, in: scanner.bytes) {
                messageID = try UploadStanza.string(&scanner)
            } else if JSONStrings.spells("category", key, in: scanner.bytes) {
                category = try UploadStanza.string(&scanner)
            } else if JSONStrings.spells("from", key, in: scanner.bytes) {
                from = try UploadStanza.string(&scanner)
            } else {
                _ = try scanner.scanValue()
            }
        }

        consuming func upload(
            id: UploadID, to: String, json: UnsafeBufferPointer<UInt8>
        ) throws(UploadRefusal) -> Upload {
            guard let app = app.flatMap({ Category($0) }) else {
                throw UploadRefusal(id: id, .invalidParameters, "an upload must name its app")
            }
            if let category, !category.hasSameBytes(as: app.text) {
                throw UploadRefusal(
                    id: id, .invalidParameters,
                    "the upload claims category \(category.quoted) and comes from "
                        + app.text.quoted)
            }
            guard let messageID = messageID.flatMap({ MessageID($0) }) else {
                throw UploadRefusal(
                    id: id, .invalidParameters,
                    "message_id must be a string of 1 to 256 bytes that XML can carry")
            }
            let payload = data.map { DataPayload(json: Array(json[$0])) } ?? .empty
            return Upload(
                id: id, to: to, category: app, claimedToken: from.map { RegistrationToken($0) },
                messageID: messageID, timeToLive: timeToLive, data: payload,
                payloadSize: payloadSize)
        }
    }

    private static func string(_ scanner: inout JSONScanner) throws(JSONError) -> String {
        let value = try scanner.scanValue()
        guard value.kind == .string, let text = JSONStrings.decode(value, in: scanner.bytes) else {
            throw JSONError("a string was expected", at: value.range.lowerBound)
        }
        return text
    }

    private static func integer(_ scanner: inout JSONScanner) throws(JSONError) -> Int {
        let value = try scanner.scanValue()
        guard let number = value.integer(in: scanner.bytes) else {
            throw JSONError("a whole number was expected", at: value.range.lowerBound)
        }
        return number
    }
}
