/// Text between tags and in attributes.
enum XMLText {
    /// Characters that XML 1.0 forbids become U+FFFD: a report must parse whatever an app sent.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n": escaped += "&#10;"
            case "\t": escaped += "&#9;"
            case "\r": escaped += "&#13;"
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// An element with its attributes; what is in it is markup already.
    static func element(
        _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ content: String? = nil
    ) -> String {
        var tag = "<\(name)"
        for (name, value) in attributes { tag += " \(name)=\"\(escaped(value))\"" }
        return content.map { "\(tag)>\($0)</\(name)>" } ?? "\(tag)/>"
    }
}
