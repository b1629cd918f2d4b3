extension DataPayload {
    /// The pairs as a device hands them to its app, in the order of the text; of equal keys the
    /// last value counts, and stands where the first was.
    ///
    /// A value that is no string is there as the text of its JSON. Half of a surrogate pair, which
    /// no UTF-8 text can carry, becomes U+FFFD.
    package var texts: [(key: String, value: String)] {
        json.withUnsafeBufferPointer { bytes in
            var texts = KeyedList<(key: String, value: String)>()
            var scanner = JSONScanner(bytes)
            try? scanner.scanObject { key, value in
                let name = Self.text(of: key, in: bytes)
                texts.set((name, Self.text(of: value, in: bytes)), for: Array(name.utf8))
            }
            return texts.elements
        }
    }

    /// The same object with each key once: of equal ones the last value counts, and stands where
    /// the first was. Keys and values are as they were written; the same when no two are equal.
    package var withUniqueKeys: DataPayload {
        json.withUnsafeBufferPointer { bytes in
            var members = KeyedList<(key: Range<Int>, value: Range<Int>)>()
            var count = 0
            var scanner = JSONScanner(bytes)
            try? scanner.scanObject { key, value in
                count += 1
                let name = Self.text(of: key, in: bytes)
                members.set((key.range, value.range), for: Array(name.utf8))
            }
            guard members.elements.count < count else { return self }
            var unique = [UInt8(ascii: "{")]
            for (key, value) in members.elements {
                if unique.count > 1 { unique.append(UInt8(ascii: ",")) }
                unique += bytes[key] + [UInt8(ascii: ":")] + bytes[value]
            }
            return DataPayload(json: unique + [UInt8(ascii: "}")])
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
        return JSONStrings.repair(value, in: bytes)
    }
}

/// A list in which an element takes the place of an earlier one with the same key.
private struct KeyedList<Element> {
    private(set) var elements: [Element] = []
    private var indices: [[UInt8]: Int] = [:]

    mutating func set(_ element: Element, for key: [UInt8]) {
        if let index = indices[key] {
            elements[index] = element
        } else {
            indices[key] = elements.count
            elements.append(element)
        }
    }
}
