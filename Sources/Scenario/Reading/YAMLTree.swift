/// A YAML document with the places of its parts, as the readers want it.
struct YAMLTree: Sendable {
    let place: SourcePlace
    let content: Content

    indirect enum Content: Sendable {
        /// A text or anything else that is written in one piece: numbers keep their digits.
        case scalar(String, ScalarStyle)
        case list([YAMLTree])
        case mapping([Entry])
    }

    struct Entry: Sendable {
        let key: String
        let keyPlace: SourcePlace
        let value: YAMLTree
    }

    enum ScalarStyle: Sendable {
        /// Without quotes: may be a number, true, false or nothing.
        case plain
        case singleQuoted, doubleQuoted
        /// Over several lines, after `|` or `>`.
        case block
    }

    /// How a message names what stands there.
    var shown: String {
        switch content {
        case .scalar(let text, .plain) where Self.isNull(text): "nothing"
        case .scalar(let text, .plain): text
        case .scalar(let text, _): "\"\(text)\""
        case .list: "a list"
        case .mapping: "a mapping"
        }
    }

    /// Whether nothing stands there.
    var isNull: Bool {
        if case .scalar(let text, .plain) = content { return Self.isNull(text) }
        return false
    }

    private static func isNull(_ text: String) -> Bool {
        ["", "~", "null", "Null", "NULL"].contains(text)
    }
}
