extension YAMLTree {
    /// The document's text: lists of mappings and mappings of mappings over several lines, what is in
    /// them on one.
    var text: String {
        guard case .mapping(let entries) = content else { return inline + "\n" }
        return entries.flatMap(Self.lines).joined(separator: "\n") + "\n"
    }

    private static func lines(of entry: Entry) -> [String] {
        let key = quotedUnlessPlain(entry.key)
        switch entry.value.content {
        case .list(let items) where items.contains(where: \.isMapping):
            return ["\(key):"] + items.flatMap(itemLines)
        case .mapping(let members)
        where !members.isEmpty && members.allSatisfy { $0.value.isMapping }:
            return ["\(key):"] + members.map { "  " + inline($0) }
        case .scalar(let text, .plain): return ["\(key): \(text)"]
        default: return [inline(entry)]
        }
    }

    private static func itemLines(_ item: YAMLTree) -> [String] {
        guard case .mapping(let entries) = item.content, !entries.isEmpty
        else { return ["  - \(item.inline)"] }
        return entries.enumerated().map { index, entry in
            (index == 0 ? "  - " : "    ") + inline(entry)
        }
    }

    private var isMapping: Bool {
        if case .mapping = content { true } else { false }
    }

    // MARK: On one line

    private static func inline(_ entry: Entry) -> String {
        "\(quotedUnlessPlain(entry.key)): \(entry.value.inline)"
    }

    private var inline: String {
        switch content {
        case .scalar(let text, .plain): Self.endsNothing(text) ? text : Self.quoted(text)
        case .scalar(let text, _): Self.quoted(text)
        case .list(let items): "[\(items.map(\.inline).joined(separator: ", "))]"
        case .mapping(let entries): "{\(entries.map(Self.inline).joined(separator: ", "))}"
        }
    }

    /// Whether a text without quotes may stand between brackets.
    private static func endsNothing(_ text: String) -> Bool {
        !text.utf8.contains { byte in [0x2C, 0x5B, 0x5D, 0x7B, 0x7D].contains(byte) }
    }

    private static func quotedUnlessPlain(_ key: String) -> String {
        let isPlain = key.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F, 0x20].contains(byte)
        }
        let ends = [key.utf8.first, key.utf8.last]
        return isPlain && !ends.contains(0x20) && !ends.contains(0x2D) && !key.isEmpty
            ? key : quoted(key)
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            default:
                if scalar.properties.isYAMLPrintable {
                    result.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16)
                    result += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
                }
            }
        }
        return result + "\""
    }
}

extension Unicode.Scalar.Properties {
    /// Whether it may stand in a quoted text as it is, and is not taken for the end of a line.
    fileprivate var isYAMLPrintable: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned,
            .privateUse:
            false
        default: true
        }
    }
}
