import CloudMessaging

/// The JSON of a `<gcm/>` that the relay wrote, as far as an app server looks at it.
struct RelayFrame {
    private(set) var messageType: String?
    private(set) var messageID: String?
    private(set) var from: String?
    private(set) var category: String?
    private(set) var controlType: String?
    private(set) var error: String?
    private(set) var errorDescription: String?
    private(set) var registrationID: String?
    private(set) var failedRegistrationIDs: [String] = []
    private(set) var timeToLive: Int?
    private(set) var data: DataPayload?

    /// Members of other names, and of other types than expected, are passed over.
    init(_ json: [UInt8]) throws(JSONError) {
        let result = json.withUnsafeBufferPointer { bytes in
            Result { () throws(JSONError) in
                var frame = RelayFrame()
                var scanner = JSONScanner(bytes)
                try scanner.scanObject { key, value in frame.take(key, value, in: bytes) }
                return frame
            }
        }
        self = try result.get()
    }

    private init() {}

    private mutating func take(
        _ key: JSONValue, _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) {
        switch value.kind {
        case .string:
            takeText(key, value, in: bytes)
        case .object where JSONStrings.spells("data", key, in: bytes):
            data = DataPayload(json: Array(bytes[value.range]))
        case .number where JSONStrings.spells("time_to_live", key, in: bytes):
            timeToLive = value.integer(in: bytes)
        case .array where JSONStrings.spells("failed_registration_ids", key, in: bytes):
            failedRegistrationIDs = Self.strings(
                in: UnsafeBufferPointer(rebasing: bytes[value.range]))
        default:
            break
        }
    }

    private mutating func takeText(
        _ key: JSONValue, _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) {
        for (name, field) in Self.texts where JSONStrings.spells(name, key, in: bytes) {
            self[keyPath: field] = JSONStrings.decode(value, in: bytes)
        }
    }

    /// The strings among the elements of an array that has been scanned.
    private static func strings(in array: UnsafeBufferPointer<UInt8>) -> [String] {
        var strings: [String] = []
        // Behind the opening bracket, then behind each comma.
        var rest = UnsafeBufferPointer(rebasing: array.dropFirst())
        while true {
            var scanner = JSONScanner(rest)
            guard let value = try? scanner.scanValue() else { return strings }
            if value.kind == .string, let string = JSONStrings.decode(value, in: rest) {
                strings.append(string)
            }
            guard let comma = rest[value.range.upperBound...].firstIndex(of: UInt8(ascii: ","))
            else { return strings }
            rest = UnsafeBufferPointer(rebasing: rest[(comma + 1)...])
        }
    }

    private static let texts:
        [(StaticString, any WritableKeyPath<RelayFrame, String?> & Sendable)] =
            [
                ("from", \.from), ("message_id", \.messageID), ("category", \.category),
                ("message_type", \.messageType), ("control_type", \.controlType),
                ("error", \.error), ("error_description", \.errorDescription),
                ("registration_id", \.registrationID),
            ]
}
