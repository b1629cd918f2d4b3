import TLSEngine

/// Which certificate the relay shows: a good one, or one that a client must refuse, so that its
/// refusal can be tested.
package enum ServedCertificate: String, CaseIterable, Sendable {
    case good
    /// Signed by the CA that clients trust, and expired yesterday.
    case expired
    /// Signed by that CA for `wrong.example` alone.
    case wrongHost = "wrong-host"
    /// Right in everything, but signed by a CA that nobody keeps.
    case untrusted

    private static let day: Int64 = 86_400

    /// - Parameters:
    ///   - names: beyond the standard ones.
    ///   - now: Unix seconds.
    func identity(
        by local: LocalAuthority, names: [String], now: Int64
    ) throws(TrustError) -> ServerIdentity {
        switch self {
        case .good:
            return try local.serverIdentity(names: names, now: now)
        case .expired:
            return try local.authority.issue(
                names: LocalAuthority.allNames(adding: names), validFrom: now - 30 * Self.day,
                validUntil: now - Self.day)
        case .wrongHost:
            return try local.authority.issue(
                names: [.host("wrong.example")], validFrom: now - Self.day,
                validUntil: now + 30 * Self.day)
        case .untrusted:
            return try CertificateAuthority(now: now).issue(
                names: LocalAuthority.allNames(adding: names), validFrom: now - Self.day,
                validUntil: now + 30 * Self.day)
        }
    }
}
