extension DataPayload {
    /// The pairs as a device hands them to its app, in the order of the text.
    ///
    /// A value that is no string, or that no UTF-8 text can carry since it holds half of a
    /// surrogate pair, is there as the text of its JSON.
    package var texts: [(key: String, value: String)] {
        json.withUnsafeBufferPointer { bytes in
            var texts: [(key: String, value: String)] = []
            var scanner = JSONScanner(bytes)
            try? scanner.scanObject { key, value in
                texts.append((Self.text(of: key, in: bytes), Self.text(of: value, in: bytes)))
            }
            return texts
        }
    }

    private static func text(
        of value: JSONValue, in bytes: UnsafeBufferPointer<UInt8>
    ) -> String {
        guard value.kind == .string else {
            return String(decoding: bytes[value.range], as: UTF8.self)
        }
        return JSONStrings.decode(value, in: bytes)
            ?? String(decoding: bytes[value.content], as: UTF8.self)
    }
}
