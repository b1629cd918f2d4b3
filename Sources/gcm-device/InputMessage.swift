import CloudMessaging
import GCMDevice

/// One line of `--input`: `{"message_id":"m-1","data":{"k":"v"},"time_to_live":60}`.
struct InputMessage {
    /// Nil: the device counts.
    private(set) var id: String?
    private(set) var timeToLive: Int?
    private(set) var pairs: [(key: String, value: String)] = []

    /// - Parameters:
    ///   - client: whose bounds of a time to live hold.
    ///   - otherValues: what becomes of pairs whose value is no string, on iOS; nil: they make the
    ///     line a bad one.
    init(
        line: [UInt8], client: ClientProfile, otherValues: DeviceQuirks.OtherValues?
    ) throws(JSONError) {
        guard String(validating: line, as: UTF8.self) != nil else {
            throw JSONError("the line is not UTF-8", at: 0)
        }
        let result = line.withUnsafeBufferPointer { bytes in
            Result { () throws(JSONError) in
                try InputMessage(bytes, client, otherValues: otherValues)
            }
        }
        self = try result.get()
    }

    private init(
        _ bytes: UnsafeBufferPointer<UInt8>, _ client: ClientProfile,
        otherValues: DeviceQuirks.OtherValues?
    ) throws(JSONError) {
        var found = (id: String?.none, timeToLive: Int?.none, data: JSONValue?.none)
        var scanner = JSONScanner(bytes)
        try scanner.scanObject { (key, value) throws(JSONError) in
            if JSONStrings.spells("message_id", key, in: bytes) {
                found.id = try Self.text(value, in: bytes, "message_id")
            } else if JSONStrings.spells("time_to_live", key, in: bytes) {
                let seconds = try Self.number(value, in: bytes)
                if let bounds = client.timeToLive, !bounds.contains(seconds) {
                    throw JSONError(
                        "with --client \(client.rawValue) time_to_live must be "
                            + "\(bounds.lowerBound) to \(bounds.upperBound)",
                        at: value.range.lowerBound)
                }
                found.timeToLive = seconds
            } else if JSONStrings.spells("data", key, in: bytes) {
                found.data = value
            }
        }
        id = found.id
        timeToLive = found.timeToLive
        guard let data = found.data else { return }
        guard data.kind == .object else {
            throw JSONError("data must be a JSON object", at: data.range.lowerBound)
        }
        let object = UnsafeBufferPointer(rebasing: bytes[data.range])
        var pairs: [(key: String, value: String)] = []
        var inner = JSONScanner(object)
        try inner.scanObject { (key, value) throws(JSONError) in
            let name = try Self.text(key, in: object, "a key of data")
            if value.kind != .string, let otherValues {
                guard otherValues == .stringified,
                    let text = Self.stringified(value, in: object)
                else { return }
                pairs.append((name, text))
            } else {
                pairs.append((name, try Self.text(value, in: object, "a value of data")))
            }
        }
        self.pairs = pairs
    }

    private static func text(
        _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>, _ name: String
    ) throws(JSONError) -> String {
        guard value.kind == .string, let text = JSONStrings.decode(value, in: bytes) else {
            throw JSONError("\(name) must be a string", at: value.range.lowerBound)
        }
        return text
    }

    /// A number, or true and false as 1 and 0; nil: neither.
    private static func stringified(
        _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) -> String? {
        let source = String(decoding: bytes[value.range], as: UTF8.self)
        return switch value.kind {
        case .number: source
        case .boolean: source == "true" ? "1" : "0"
        case .array, .object, .string, .null: nil
        }
    }

    private static func number(
        _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> Int {
        let digits = String(decoding: bytes[value.range], as: UTF8.self)
        guard value.kind == .number, let number = Int(digits) else {
            throw JSONError("time_to_live must be a whole number", at: value.range.lowerBound)
        }
        return number
    }
}
