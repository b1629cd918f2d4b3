import CloudMessaging

/// What an expression of the match language can ask for (contract: "One match language").
package enum MatchField: Hashable, Sendable, CustomStringConvertible {
    case messageID, senderID, from, category, direction, state, attempt, connection, event, error
    /// Only a journal's events have these.
    case actor, deed, count
    /// A value of the payload.
    case data(DataKey)

    /// A key of the payload.
    package struct DataKey: ByteIdentified {
        package let text: String

        package init(_ text: String) {
            self.text = text
        }
    }

    private static let named: [(name: String, field: MatchField)] = [
        ("message_id", .messageID), ("sender_id", .senderID), ("from", .from),
        ("category", .category), ("direction", .direction), ("state", .state),
        ("attempt", .attempt), ("connection", .connection), ("event", .event), ("error", .error),
        ("actor", .actor), ("deed", .deed), ("count", .count),
    ]

    /// The names as people write them, for a hint.
    static let names = named.map(\.name) + ["data.KEY"]

    /// What stands before the key of a payload.
    static let dataPrefix = "data."

    /// Nil unless the text is the name of a field.
    init?(_ text: String) {
        let prefix = Self.dataPrefix.utf8
        if text.utf8.starts(with: prefix) {
            let key = Substring(text.utf8.dropFirst(prefix.count))
            guard !key.isEmpty else { return nil }
            self = .data(DataKey(String(key)))
        } else {
            guard let match = Self.named.first(where: { $0.name.hasSameBytes(as: text) })
            else { return nil }
            self = match.field
        }
    }

    /// Whether the field is a whole number.
    var isNumber: Bool { self == .attempt || self == .connection || self == .count }

    /// All values that the field can have; nil: it is free.
    var vocabulary: [String]? {
        switch self {
        case .direction: Direction.allCases.map(\.rawValue)
        case .state: MessageState.allCases.map(\.rawValue)
        case .event: JournalEvent.Kind.allCases.map(\.rawValue)
        case .messageID, .senderID, .from, .category, .attempt, .connection, .error, .actor, .deed,
            .count, .data:
            nil
        }
    }

    package var description: String {
        if case .data(let key) = self { return Self.dataPrefix + key.text }
        return Self.named.first { $0.field == self }?.name ?? ""
    }
}
