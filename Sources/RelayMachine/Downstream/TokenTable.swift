import CloudMessaging

/// The tokens that app servers named lately, and what the registry says of them.
///
/// In two halves: when the younger is full, the older is forgotten. So the table is bounded, and
/// what is asked for often stays.
struct TokenTable {
    /// Nil: the registry does not know the token.
    typealias Answer = TokenRecord?

    private static let halfSize = 8_192

    private var younger: [RegistrationToken: Answer] = [:]
    private var older: [RegistrationToken: Answer] = [:]

    /// Nil: the registry has to be asked.
    mutating func answer(for token: RegistrationToken) -> Answer? {
        if let answer = younger[token] { return answer }
        guard let answer = older[token] else { return nil }
        insert(answer, for: token)
        return answer
    }

    mutating func insert(_ answer: Answer, for token: RegistrationToken) {
        if younger.count == Self.halfSize {
            older = younger
            younger = [:]
        }
        younger[token] = .some(answer)
    }

    /// The registry is about to change what it says of a token.
    mutating func forget(_ token: RegistrationToken) {
        younger[token] = nil
        older[token] = nil
    }
}
