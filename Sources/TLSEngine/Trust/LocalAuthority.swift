/// The certificate authority of this user on this machine, in a directory:
///
///     ca.pem          the certificate that users trust
///     ca-key.pem      its key, mode 0600
///     server.pem      the certificate that the relay shows
///     server-key.pem  its key, mode 0600
///     lock            keeps processes that start at once out of each other's way
///
/// Whoever trusts `ca.pem` trusts whoever has `ca-key.pem`: the CA is made on each machine, never
/// shipped, and never replaced unasked. Server certificates are: nobody trusts one by itself.
package struct LocalAuthority: Sendable {
    /// The names of Google's hosts, for app servers that have them built in.
    package static let googleNames = [
        "gcm.googleapis.com", "gcm-xmpp.googleapis.com", "gcm-preprod.googleapis.com",
        "gcm-staging.googleapis.com", "fcm.googleapis.com", "fcm-xmpp.googleapis.com",
        "mtalk.google.com",
    ]

    /// The names under which every server certificate is valid.
    package static let standardNames = ["localhost", "127.0.0.1", "::1"] + googleNames

    /// A server certificate is renewed when it has less than this left, in seconds.
    package static let renewalMargin: Int64 = 30 * 86_400

    package let directory: String

    /// Signs certificates that are not to be kept: expired ones, ones for another host.
    package let authority: CertificateAuthority

    /// The file that users trust.
    package var certificateFile: String { directory + "/ca.pem" }
    package var keyFile: String { directory + "/ca-key.pem" }
    package var serverCertificateFile: String { directory + "/server.pem" }
    package var serverKeyFile: String { directory + "/server-key.pem" }

    /// Opens the CA in a directory, or makes both.
    ///
    /// - Parameter now: Unix seconds.
    /// - Throws: what is wrong with a file that is there; it is left as it is.
    package init(directory: String, now: Int64) throws(TrustError) {
        try TrustFile.makeDirectory(directory)
        let files = AuthorityFiles(
            certificate: directory + "/ca.pem", key: directory + "/ca-key.pem")
        self.directory = directory
        self.authority = try DirectoryLock.hold(directory) { () throws(TrustError) in
            try files.openOrMake(now: now)
        }
    }

    /// The server certificate in the directory, if it is valid for the standard names and these
    /// for another 30 days; otherwise a new one, which takes its place.
    ///
    /// - Parameters:
    ///   - names: host names or IP addresses beyond the standard ones.
    ///   - now: Unix seconds.
    package func serverIdentity(
        names: [String] = [], now: Int64
    ) throws(TrustError) -> ServerIdentity {
        let wanted = try Self.allNames(adding: names)
        return try DirectoryLock.hold(directory) { () throws(TrustError) in
            if let kept = try keptIdentity(), isUsable(kept, names: wanted, now: now) {
                return kept
            }
            return try renewIdentity(names: wanted, now: now)
        }
    }

    /// The standard names and these, each once.
    package static func allNames(adding extra: [String]) throws(TrustError) -> [ServerName] {
        var names: [ServerName] = []
        for text in standardNames + extra {
            guard let name = ServerName(text) else { throw .invalidName(text) }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    /// Nil when there is none, or a crash came between the writing of key and certificate.
    private func keptIdentity() throws(TrustError) -> ServerIdentity? {
        do {
            return try ServerIdentity(
                certificateFile: serverCertificateFile, keyFile: serverKeyFile)
        } catch {
            switch error {
            case .missing, .keyMismatch: return nil
            default: throw error
            }
        }
    }

    /// The key is written first: a certificate never stands there with somebody else's key for
    /// longer than it takes to notice.
    private func renewIdentity(
        names: [ServerName], now: Int64
    ) throws(TrustError) -> ServerIdentity {
        let validFrom = now - CertificateAuthority.backdating
        let identity = try authority.issue(
            names: names, validFrom: validFrom,
            validUntil: min(
                validFrom + CertificateAuthority.longestLeafLifetime,
                authority.certificate.validUntil))
        try TrustFile.write(identity.key.pem(), to: serverKeyFile, mode: 0o600)
        try TrustFile.write(identity.chain[0].pem(), to: serverCertificateFile, mode: 0o644)
        TrustFile.syncDirectory(directory)
        return identity
    }

    private func isUsable(_ identity: ServerIdentity, names: [ServerName], now: Int64) -> Bool {
        let certified = identity.names.compactMap(ServerName.init)
        // The last certificate before the CA's own end cannot be improved by renewal.
        let lastsLongEnough =
            identity.validUntil >= min(now + Self.renewalMargin, authority.certificate.validUntil)
        return identity.chain[0].isSigned(by: authority.certificate)
            && identity.validFrom <= now && lastsLongEnough
            && names.allSatisfy(certified.contains)
    }
}
