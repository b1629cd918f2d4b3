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

    /// The value of a key, as in `texts`; of a key that is there twice, the last. Nil: no such key.
    package func text(of key: String) -> String? {
        json.withUnsafeBufferPointer { bytes in
            var found: JSONValue?
            var scanner = JSONScanner(bytes)
            try? scanner.scanObject { name, value in
                if Self.text(of: name, in: bytes).hasSameBytes(as: key) { found = value }
            }
            return found.map { Self.text(of: $0, in: bytes) }
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
