import CloudMessaging
import DequeModule

/// The tokens that registrations had earlier in this life of the relay.
///
/// The store names what expired by the token of now; a message in flight goes by the one that it
/// was sent with.
struct FormerTokens: Hashable {
    /// Bounds the table; who is beyond it ends with its connection.
    private static let limit = 10_000

    /// By the token of now, the latest first.
    private var former: [RegistrationToken: [RegistrationToken]] = [:]
    /// The tokens of now, in the order of their making.
    private var order: Deque<RegistrationToken> = []

    subscript(token: RegistrationToken) -> [RegistrationToken] { former[token] ?? [] }

    mutating func replace(_ token: RegistrationToken, by newer: RegistrationToken) {
        former[newer] = [token] + (former.removeValue(forKey: token) ?? []).prefix(Self.perToken)
        order.append(newer)
        if order.count > Self.limit, let oldest = order.popFirst() { former[oldest] = nil }
    }

    private static let perToken = 15
}
