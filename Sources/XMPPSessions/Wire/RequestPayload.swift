import CloudMessaging

/// What counts against the payload limit of a request, and the first key that is not allowed.
struct RequestPayload {
    /// UTF-8 bytes of all keys and values of `data` and `notification`, escapes read.
    private(set) var size = 0
    private(set) var reservedKey: String?

    mutating func scanData(_ scanner: inout JSONScanner) throws(JSONError) -> JSONValue {
        let bytes = scanner.bytes
        return try scanner.scanValue(members: { (key, scanner) throws(JSONError) in
            if reservedKey == nil, let text = JSONStrings.decode(key, in: bytes),
                Self.isReserved(text)
            {
                reservedKey = text
            }
            count(key, try scanner.scanValue(), in: bytes)
        })
    }

    mutating func scanNotification(_ scanner: inout JSONScanner) throws(JSONError) -> JSONValue {
        let bytes = scanner.bytes
        return try scanner.scanValue(members: { (key, scanner) throws(JSONError) in
            count(key, try scanner.scanValue(), in: bytes)
        })
    }

    private mutating func count(
        _ key: JSONValue, _ value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) {
        size += JSONStrings.decodedByteCount(of: key, in: bytes)
        size +=
            value.kind == .string
            ? JSONStrings.decodedByteCount(of: value, in: bytes) : value.range.count
    }

    /// `from`, what starts with `google` or `gcm`, and the names of a request's own members
    /// (protocol sheet §3.1).
    private static func isReserved(_ key: String) -> Bool {
        key.utf8.elementsEqual("from".utf8) || key.utf8.starts(with: "google".utf8)
            || key.utf8.starts(with: "gcm".utf8) || RequestFrame.Member(rawValue: key) != nil
    }
}
