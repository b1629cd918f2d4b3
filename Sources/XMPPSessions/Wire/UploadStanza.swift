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
    static func read(_ stanza: Element) -> Result<Upload, UploadRefusal> {
        Result { () throws(UploadRefusal) in
            let id = stanza.id.flatMap { UploadID($0) }
            guard let id else {
                throw UploadRefusal(
                    id: nil, .invalidParameters,
                    "an upload needs an id of 1 to 64 printable ASCII characters")
            }
            guard let to = stanza.to, !to.isEmpty else {
                throw UploadRefusal(id: id, .missingTo, "an upload needs the address of a sender")
            }
            guard let gcm = stanza.child("gcm", in: GCMNamespace.data) else {
                throw UploadRefusal(
                    id: id, .invalidParameters,
                    "an upload needs <gcm xmlns=\"google:mobile:data\">")
            }
            return try Members(gcm.text, of: id).upload(id: id, to: to, json: gcm.text)
        }
    }

    /// The members of an upload's JSON.
    private struct Members {
        private var app: String?
        private var category: String?
        private var from: String?
        private var messageID: String?
        private var timeToLive: Int?
        private var data: JSONValue?
        private var payloadSize = 0

        init(_ json: [UInt8], of id: UploadID) throws(UploadRefusal) {
            let result = json.withUnsafeBufferPointer { bytes in
                Result { () throws(JSONError) in try Members(scanning: bytes) }
            }
            do throws(JSONError) {
                self = try result.get()
            } catch {
                throw UploadRefusal(id: id, .invalidParameters, "\(error) of the upload's JSON")
            }
        }

        private init(scanning bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) {
            var scanner = JSONScanner(bytes)
            var found = Members()
            try scanner.scanObject { (key, value) throws(JSONError) in
                if JSONStrings.spells("data", key, in: bytes) {
                    found.payloadSize = try DataPayload.size(of: value, in: bytes)
                    found.data = value
                } else if JSONStrings.spells("time_to_live", key, in: bytes) {
                    found.timeToLive = try integer(value, in: bytes)
                } else if JSONStrings.spells("app", key, in: bytes) {
                    found.app = try string(value, in: bytes)
                } else if JSONStrings.spells("message_id", key, in: bytes) {
                    found.messageID = try string(value, in: bytes)
                } else if JSONStrings.spells("category", key, in: bytes) {
                    found.category = try string(value, in: bytes)
                } else if JSONStrings.spells("from", key, in: bytes) {
                    found.from = try string(value, in: bytes)
                }
            }
            self = found
        }

        private init() {}

        func upload(id: UploadID, to: String, json: [UInt8]) throws(UploadRefusal) -> Upload {
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
            let payload = data.map { DataPayload(json: Array(json[$0.range])) } ?? .empty
            return Upload(
                id: id, to: to, category: app, claimedToken: from.map { RegistrationToken($0) },
                messageID: messageID, timeToLive: timeToLive, data: payload,
                payloadSize: payloadSize)
        }
    }

    private static func string(
        _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> String {
        guard value.kind == .string, let text = JSONStrings.decode(value, in: bytes) else {
            throw JSONError("a string was expected", at: value.range.lowerBound)
        }
        return text
    }

    private static func integer(
        _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> Int {
        let digits = UnsafeBufferPointer(rebasing: bytes[value.range])
        guard value.kind == .number, let number = Int(String(decoding: digits, as: UTF8.self))
        else {
            throw JSONError("a whole number was expected", at: value.range.lowerBound)
        }
        return number
    }
}
