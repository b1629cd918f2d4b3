import CloudMessaging

/// The tokens that app servers named lately, and what the registry says of them.
///
/// In two halves: when the younger is full, the older is forgotten. So the table is bounded, and
/// what is asked for often stays.
struct TokenTable: Hashable {
    private static let halfSize = 8_192

    /// Nil inside: the registry does not know the token.
    private var younger: [RegistrationToken: TokenRecord?] = [:]
    private var older: [RegistrationToken: TokenRecord?] = [:]

    /// Nil: the registry has to be asked. Nil inside: it does not know the token.
    mutating func record(for token: RegistrationToken) -> TokenRecord?? {
        if let record = younger[token] { return record }
        guard let record = older[token] else { return nil }
        insert(record, for: token)
        return record
    }

    mutating func insert(_ record: TokenRecord?, for token: RegistrationToken) {
        if younger.count == Self.halfSize {
            older = younger
            younger = [:]
        }
        younger.updateValue(record, forKey: token)
    }

    /// The registry changed a registration: which superseded tokens lead to it is not known here,
    /// so it is asked about all anew. Such changes are rare.
    mutating func forgetAll() {
        younger = [:]
        older = [:]
    }
}
