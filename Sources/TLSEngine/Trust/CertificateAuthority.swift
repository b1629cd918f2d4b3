internal import COpenSSL
internal import Glibc

/// A certificate authority in memory: a key and the certificate that clients trust.
///
/// Made so that the strictest clients accept what it signs (Python 3.13, Go, Java): RFC 5280
/// extensions complete, basic constraints and key usage critical, random serial numbers.
package struct CertificateAuthority: Sendable {
    /// Ten years: users trust it by hand, so it should not ask them twice.
    package static let lifetime: Int64 = 3650 * 86_400

    /// Browsers and Apple's systems refuse server certificates with a longer life than 398 days.
    package static let longestLeafLifetime: Int64 = 397 * 86_400

    /// How far the clock of a container or a phone may be behind ours.
    static let backdating: Int64 = 3600

    let certificate: Certificate
    let key: PrivateKey

    init(certificate: Certificate, key: PrivateKey) {
        self.certificate = certificate
        self.key = key
    }

    /// Makes a CA with a new key.
    ///
    /// - Parameters:
    ///   - now: Unix seconds; the CA is valid for ten years from here.
    ///   - machine: tells this CA from those of other machines in a list of trusted ones.
    package init(now: Int64, machine: String = Self.machineName()) throws(TrustError) {
        try self.init(key: .makeP256(), now: now, machine: machine)
    }

    /// Makes the certificate of an existing key.
    init(key: PrivateKey, now: Int64, machine: String) throws(TrustError) {
        var draft = try CertificateDraft(
            key: key, validFrom: now - Self.backdating, validUntil: now + Self.lifetime)
        try draft.setSubject(commonName: "GCM simulator CA on \(machine)")
        try draft.add(NID_basic_constraints, "critical,CA:TRUE,pathlen:0")
        try draft.add(NID_key_usage, "critical,keyCertSign,cRLSign")
        try draft.add(NID_subject_key_identifier, "hash")
        try draft.add(NID_authority_key_identifier, "keyid:always")
        self.certificate = try draft.sign(with: key)
        self.key = key
    }

    /// The certificate for users' trust stores.
    package func certificatePEM() throws(TrustError) -> [UInt8] {
        try certificate.pem()
    }

    /// Signs a server certificate with a key of its own, for exactly these names.
    ///
    /// - Parameters:
    ///   - validFrom: Unix seconds.
    ///   - validUntil: Unix seconds; in the past if an expired certificate is wanted. Cut to
    ///     397 days after `validFrom`.
    package func issue(
        names: [ServerName], validFrom: Int64, validUntil: Int64
    ) throws(TrustError) -> ServerIdentity {
        precondition(!names.isEmpty, "a server certificate without a name fits no server")
        let leafKey = try PrivateKey.makeP256()
        var draft = try CertificateDraft(
            key: leafKey, validFrom: validFrom,
            validUntil: min(validUntil, validFrom + Self.longestLeafLifetime - 1))
        try draft.setSubject(commonName: names[0].text)
        draft.setIssuer(certificate)
        try draft.add(NID_basic_constraints, "critical,CA:FALSE")
        try draft.add(NID_key_usage, "critical,digitalSignature")
        try draft.add(NID_ext_key_usage, "serverAuth")
        // A `ServerName` has no comma or colon that could smuggle in another entry.
        let alternatives = names.map { name in
            switch name {
            case .host(let host): "DNS:\(host)"
            case .address(let address): "IP:\(address)"
            }
        }
        try draft.add(NID_subject_alt_name, alternatives.joined(separator: ","))
        try draft.add(NID_subject_key_identifier, "hash")
        try draft.add(NID_authority_key_identifier, "keyid:always")
        return ServerIdentity(chain: [try draft.sign(with: key)], key: leafKey)
    }

    /// This machine's host name.
    package static func machineName() -> String {
        var buffer = [CChar](repeating: 0, count: 256)
        guard gethostname(&buffer, buffer.count - 1) == 0 else { return "this machine" }
        let end = buffer.firstIndex(of: 0) ?? buffer.endIndex
        return String(decoding: buffer[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
