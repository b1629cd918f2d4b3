/// The `data` of a message: keys and values as one JSON object, kept as bytes.
///
/// The relay never takes it apart, so every key and value arrives with the bytes it was sent with,
/// in the order it was sent.
package struct DataPayload: Hashable, Sendable {
    /// The object's JSON text.
    package let json: [UInt8]

    /// `{}`
    package static let empty = DataPayload(json: Array("{}".utf8))

    /// The text of an object; of an upstream message, one that `scan(_:)` has accepted.
    package init(json: [UInt8]) {
        self.json = json
    }

    /// Writes the pairs in their order.
    package init(_ pairs: [(key: String, value: String)]) {
        var json: [UInt8] = [UInt8(ascii: "{")]
        for (key, value) in pairs {
            if json.count > 1 { json.append(UInt8(ascii: ",")) }
            JSONStrings.append(key, to: &json)
            json.append(UInt8(ascii: ":"))
            JSONStrings.append(value, to: &json)
        }
        json.append(UInt8(ascii: "}"))
        self.json = json
    }

    /// The pairs in the order of the text; nil when a string holds half of a surrogate pair.
    package var pairs: [(key: String, value: String)]? {
        json.withUnsafeBufferPointer { bytes in
            var pairs: [(key: String, value: String)] = []
            var isWhole = true
            var scanner = JSONScanner(bytes)
            try? scanner.scanObject { key, value in
                guard value.kind == .string, let key = JSONStrings.decode(key, in: bytes),
                    let value = JSONStrings.decode(value, in: bytes)
                else {
                    isWhole = false
                    return
                }
                pairs.append((key, value))
            }
            return isWhole ? pairs : nil
        }
    }

    /// Scans the value that comes next, which must be an object of strings without reserved keys.
    ///
    /// - Returns: where it is, and what counts against the 4,096 bytes: the UTF-8 bytes of all keys
    ///   and values, escapes read.
    package static func scan(
        _ scanner: inout JSONScanner
    ) throws(JSONError) -> (range: Range<Int>, size: Int) {
        let bytes = scanner.bytes
        var size = 0
        // Broken JSON is reported first, wherever it is.
        var fault: JSONError?
        let object = try scanner.scanValue { (key, scanner) throws(JSONError) in
            let value = try scanner.scanValue()
            size += JSONStrings.decodedByteCount(of: key, in: bytes)
            if value.kind == .string {
                size += JSONStrings.decodedByteCount(of: value, in: bytes)
            } else if fault == nil {
                fault = JSONError("values in data must be strings", at: value.range.lowerBound)
            }
            if fault == nil, isReserved(key, in: bytes) {
                fault = JSONError("a reserved key in data", at: key.range.lowerBound)
            }
        }
        guard object.kind == .object else {
            throw JSONError("data must be a JSON object", at: object.range.lowerBound)
        }
        if let fault { throw fault }
        return (object.range, size)
    }

    /// Whether an app may not use the key: `from`, and what starts with `google.` or `gcm.`
    /// (protocol sheet §2.7).
    package static func isReserved(_ key: String) -> Bool {
        key == "from" || key.utf8.starts(with: "google.".utf8) || key.utf8.starts(with: "gcm.".utf8)
    }

    private static func isReserved(_ key: JSONValue, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard !key.hasEscapes else {
            return JSONStrings.decode(key, in: bytes).map(isReserved) ?? false
        }
        let content = UnsafeBufferPointer(rebasing: bytes[key.content])
        guard let first = content.first, first == UInt8(ascii: "f") || first == UInt8(ascii: "g")
        else { return false }
        return isReserved(String(decoding: content, as: UTF8.self))
    }
}
