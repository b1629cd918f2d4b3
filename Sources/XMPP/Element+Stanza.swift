/// The three kinds of stanza (RFC 6120 §8.2).
package enum StanzaKind: String, CaseIterable, Sendable {
    case message
    case presence
    case iq
}

// What all stanzas have in common (RFC 6120 §8.1).
extension Element {
    /// The kind of stanza that this is; `nil` for anything else at stream level.
    package var stanzaKind: StanzaKind? {
        guard namespace.hasSameBytes(as: Namespace.client) else { return nil }
        return StanzaKind.allCases.first { name.hasSameBytes(as: $0.rawValue) }
    }

    package var id: String? {
        get { self[attribute: "id"] }
        set { self[attribute: "id"] = newValue }
    }

    package var type: String? {
        get { self[attribute: "type"] }
        set { self[attribute: "type"] = newValue }
    }

    package var to: String? {
        get { self[attribute: "to"] }
        set { self[attribute: "to"] = newValue }
    }

    package var from: String? {
        get { self[attribute: "from"] }
        set { self[attribute: "from"] = newValue }
    }
}
