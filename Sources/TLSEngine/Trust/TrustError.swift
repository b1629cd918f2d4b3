/// Why keys and certificates could not be read, made or kept. The description names the file, says
/// what is wrong with it and what to do.
package enum TrustError: Error, Equatable, Sendable {
    case missing(path: String)
    case unreadable(path: String, reason: String)
    case unwritable(path: String, reason: String)
    /// Not a PEM file, or not one with `expected` in it.
    case notPEM(path: String, expected: String)
    /// The key can only be read with a passphrase.
    case encryptedKey(path: String)
    case keyMismatch(certificate: String, key: String)
    /// The CA's certificate is there, its key is not.
    case authorityKeyMissing(certificate: String, key: String)
    /// The certificate in the CA's place may not sign others.
    case notAnAuthority(path: String)
    /// `at` is the day on which it ended, `2036-01-31`.
    case authorityExpired(path: String, key: String, at: String)
    case authorityNotYetValid(path: String, from: String)
    /// Neither a host name nor an IP address.
    case invalidName(String)
    /// A failure inside OpenSSL that nobody expects.
    case openSSL(doing: String, reason: String)
}

extension TrustError: CustomStringConvertible {
    package var description: String { "\(problem); \(remedy)" }

    /// What is wrong, in one clause.
    package var problem: String {
        switch self {
        case .missing(let path): "\(path) does not exist"
        case .unreadable(let path, let reason): "\(path) cannot be read (\(reason))"
        case .unwritable(let path, let reason): "\(path) cannot be written (\(reason))"
        case .notPEM(let path, let expected): "\(path) is not a PEM file with \(expected)"
        case .encryptedKey(let path): "the key in \(path) is protected by a passphrase"
        case .keyMismatch(let certificate, let key):
            "the key in \(key) does not belong to the certificate in \(certificate)"
        case .authorityKeyMissing(let certificate, let key):
            "the CA in \(certificate) has lost its key \(key)"
        case .notAnAuthority(let path): "the certificate in \(path) is not that of a CA"
        case .authorityExpired(let path, _, let day): "the CA in \(path) expired on \(day)"
        case .authorityNotYetValid(let path, let day): "the CA in \(path) is valid from \(day) only"
        case .invalidName(let name): "\"\(name)\" is neither a host name nor an IP address"
        case .openSSL(let doing, let reason): "OpenSSL failed when \(doing) (\(reason))"
        }
    }

    /// What to do about it.
    package var remedy: String {
        switch self {
        case .missing:
            "check the path; the relay writes its ca.pem into the state directory when it first starts"
        case .unreadable: "check that this user may read it"
        case .unwritable: "check the directory's owner and free space, or choose another one"
        case .notPEM(_, let expected):
            "it must hold \(expected) between \"-----BEGIN\" and \"-----END\" lines"
        case .encryptedKey: "write it without one, for example with openssl pkey"
        case .keyMismatch: "use the pair that was made together"
        case .authorityKeyMissing(let certificate, let key):
            "put \(key) back, or delete \(certificate) for a new CA, which clients must trust anew"
        case .notAnAuthority(let path):
            "move it away with its key; a new CA is then made, and clients must trust \(path) anew"
        case .authorityExpired(_, let key, _):
            "delete it and \(key); a new CA is then made, and clients must trust it anew"
        case .authorityNotYetValid: "set this machine's clock"
        case .invalidName: "write other scripts in their xn-- form, and addresses without brackets"
        case .openSSL: "please report this"
        }
    }
}
