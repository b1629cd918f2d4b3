import CloudMessaging

/// What the `data` of a delivery receipt says (protocol sheet §3.5).
struct ReceiptDetails {
    private(set) var originalMessageID: String?
    private(set) var status: String?
    private(set) var registrationID: String?
    private(set) var sentTimestamp: Int64?

    /// Everything in it is a string, the time too, which may come as a number; what is missing or
    /// odd is left out.
    init(_ data: DataPayload?) {
        data?.json.withUnsafeBufferPointer { bytes in
            var scanner = JSONScanner(bytes)
            try? scanner.scanObject { key, value in take(key, value, in: bytes) }
        }
    }

    private mutating func take(
        _ key: JSONValue, _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) {
        let text = value.kind == .string ? JSONStrings.decode(value, in: bytes) : nil
        if JSONStrings.spells("original_message_id", key, in: bytes) {
            originalMessageID = text
        } else if JSONStrings.spells("message_status", key, in: bytes) {
            status = text
        } else if JSONStrings.spells("device_registration_id", key, in: bytes) {
            registrationID = text
        } else if JSONStrings.spells("message_sent_timestamp", key, in: bytes) {
            sentTimestamp =
                text.flatMap { Int64($0) } ?? value.integer(in: bytes).map { Int64($0) }
        }
    }

    /// The ID without its `dr2:`.
    static func messageID(ofReceipt id: String) -> String {
        id.utf8.starts(with: "dr2:".utf8) ? String(id.dropFirst(4)) : id
    }
}
