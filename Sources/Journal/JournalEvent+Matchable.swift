import CloudMessaging

extension JournalEvent: Matchable {
    package func value(of field: MatchField) -> FieldValue? {
        switch field {
        case .messageID: messageID.map { .text($0.text) }
        case .senderID: sender.map { .text($0.text) }
        case .from: from.map { .text($0.text) }
        case .category: category.map { .text($0.text) }
        case .direction: direction.map { .text($0.rawValue) }
        case .state: state.map { .text($0.rawValue) }
        case .attempt: attempt.map { .number($0) }
        case .connection: connection.map { .number($0) }
        case .event: .text(kind.rawValue)
        case .error: detail?.error.map { .text($0) }
        case .actor: .text(actor.text)
        case .deed: detail?.deed.map { .text($0) }
        case .count: detail?.count.map { .number($0) }
        case .data(let key): data?.text(of: key.text).map { .text($0) }
        }
    }
}
