/// What an app server on the wire heard.
package struct Heard: Sendable {
    /// How the connection stands, as this end sees it.
    package enum State: Equatable, Sendable {
        case open
        /// Ended in order.
        case fin
        case reset
        /// The peer was gone without a word.
        case truncated
    }

    package internal(set) var bytes: [UInt8] = []
    package internal(set) var state = State.open

    package init() {}

    package var text: String { String(decoding: bytes, as: UTF8.self) }
    package var isBound: Bool { text.contains("<jid>") }

    /// What came after the binding, if it is bound.
    package var bytesAfterBinding: [UInt8] {
        let text = text
        guard let end = text.firstRange(of: "</iq>") else { return [] }
        return Array(bytes[text.utf8.distance(from: text.startIndex, to: end.upperBound)...])
    }

    /// The same, had the relay named the connection as another.
    package func bytesAfterBinding(named other: Heard) -> [UInt8] {
        let text = String(decoding: bytesAfterBinding, as: UTF8.self)
        return Array(text.replacing("\"\(jid)\"", with: "\"\(other.jid)\"").utf8)
    }

    /// What the relay calls the connection.
    private var jid: Substring {
        let text = text
        guard let start = text.firstRange(of: "<jid>") else { return "" }
        return text[start.upperBound...].prefix { $0 != "<" }
    }

    // MARK: In words

    /// The stanzas after the binding and the end of the stream: `m-1`, `ack d-1`,
    /// `nack d-1 CODE`, `406`, `draining`, `end`, `policy-violation`.
    package var sights: [String] {
        let text = text
        var sights = text.split(separator: "<message").dropFirst().compactMap { stanza in
            Self.sight(String(stanza))
        }
        if text.contains("<policy-violation") { sights.append("policy-violation") }
        if text.hasSuffix("</stream:stream>") { sights.append("end") }
        return sights
    }

    private static func sight(_ stanza: String) -> String? {
        guard stanza.contains("</message>") else { return nil }
        guard !stanza.contains("CONNECTION_DRAINING\"}") || !stanza.contains("control") else {
            return "draining"
        }
        let id = member("message_id", of: stanza) ?? "?"
        if stanza.contains("not-acceptable") { return "406" }
        switch member("message_type", of: stanza) {
        case "ack": return "ack \(id)"
        case "nack": return "nack \(id) \(member("error", of: stanza) ?? "?")"
        default: return id
        }
    }

    private static func member(_ name: String, of stanza: String) -> String? {
        guard let start = stanza.firstRange(of: "\"\(name)\":\"") else { return nil }
        return String(stanza[start.upperBound...].prefix { $0 != "\"" })
    }
}
