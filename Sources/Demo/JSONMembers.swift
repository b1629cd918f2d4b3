import CloudMessaging

/// The members of one JSON object, as they stand in the text.
struct JSONMembers {
    private let text: [UInt8]
    private var values: [(name: String, value: JSONValue)] = []

    /// A text that is no object has no members.
    init(_ text: [UInt8]) {
        self.text = text
        values = text.withUnsafeBufferPointer { bytes in
            var values: [(name: String, value: JSONValue)] = []
            var scanner = JSONScanner(bytes)
            do {
                try scanner.scanObject { name, value in
                    values.append((JSONStrings.decode(name, in: bytes) ?? "", value))
                }
                return values
            } catch {
                return []
            }
        }
    }

    /// A member that is a string, escapes read.
    func string(_ name: String) -> String? {
        guard let value = value(name), value.kind == .string else { return nil }
        return text.withUnsafeBufferPointer { JSONStrings.decode(value, in: $0) }
    }

    /// The JSON text of a member.
    func bytes(_ name: String) -> [UInt8]? {
        value(name).map { Array(text[$0.range]) }
    }

    func text(_ name: String) -> String? {
        bytes(name).map { String(decoding: $0, as: UTF8.self) }
    }

    private func value(_ name: String) -> JSONValue? {
        values.first { $0.name == name }?.value
    }
}
