/// The `data` of an upstream message: keys and values as one JSON object, kept as bytes.
///
/// The relay never takes it apart, so every key and value arrives with the bytes it was sent with,
/// in the order it was sent.
package struct DataPayload: Hashable, Sendable {
    /// The object's JSON text.
    package let json: [UInt8]

    /// `{}`
    package static let empty = DataPayload(json: Array("{}".utf8))

    /// A text that `size(of:in:)` has accepted.
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

    /// What counts against the 4,096 bytes: the UTF-8 bytes of all keys and values, escapes read.
    ///
    /// Throws when the value is not an object of strings, or uses a reserved key.
    package static func size(
        of value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) throws(JSONError) -> Int {
        let start = value.range.lowerBound
        guard value.kind == .object else {
            throw JSONError("data must be a JSON object", at: start)
        }
        let object = UnsafeBufferPointer(rebasing: bytes[value.range])
        var size = 0
        var scanner = JSONScanner(object)
        try scanner.scanObject { (key, value) throws(JSONError) in
            guard value.kind == .string else {
                let offset = start + value.range.lowerBound
                throw JSONError("values in data must be strings", at: offset)
            }
            guard !isReserved(key, in: object) else {
                throw JSONError("a reserved key in data", at: start + key.range.lowerBound)
            }
            size += JSONStrings.decodedByteCount(of: key, in: object)
            size += JSONStrings.decodedByteCount(of: value, in: object)
        }
        return size
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
