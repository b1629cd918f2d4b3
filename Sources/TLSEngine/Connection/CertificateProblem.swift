internal import COpenSSL

/// Why a client refused a server's certificate. Days are those in UTC, `2036-01-31`.
package enum CertificateProblem: Equatable, Sendable {
    case expired(on: String)
    case notYetValid(before: String)
    /// `certified` are the names that the certificate is valid for.
    case wrongName(wanted: String, certified: [String])
    /// Signed by a CA that is not in the trusted file, or by itself.
    case unknownAuthority
    /// Anything else, in OpenSSL's words.
    case other(String)

    /// - Parameters:
    ///   - code: `X509_V_ERR_*`.
    ///   - certificate: the one at fault: the server's own or a CA in between.
    ///   - name: the name that the client connected to.
    init(code: Int, certificate: Certificate?, name: String) {
        switch Int32(code) {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            self = .expired(on: calendarDay(unixSeconds: certificate?.validUntil ?? 0))
        case X509_V_ERR_CERT_NOT_YET_VALID:
            self = .notYetValid(before: calendarDay(unixSeconds: certificate?.validFrom ?? 0))
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            self = .wrongName(wanted: name, certified: certificate?.names ?? [])
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_CERT_SIGNATURE_FAILURE:
            self = .unknownAuthority
        default:
            self = .other(String(cString: X509_verify_cert_error_string(code)))
        }
    }

    /// What is wrong, in one clause.
    package var problem: String {
        switch self {
        case .expired(let day): "the server's certificate expired on \(day)"
        case .notYetValid(let day): "the server's certificate is not valid before \(day)"
        case .wrongName(let wanted, let certified):
            "the server's certificate is not for \(wanted) but for "
                + (certified.isEmpty ? "no name at all" : certified.joined(separator: ", "))
        case .unknownAuthority:
            "the server's certificate was not signed by a CA in the trusted file"
        case .other(let reason): "the server's certificate was refused (\(reason))"
        }
    }

    /// What to do about it.
    package var remedy: String {
        switch self {
        case .expired: "restart the relay, which renews it, or set this machine's clock"
        case .notYetValid: "set this machine's clock"
        case .wrongName(let wanted, _):
            "connect under a name in the certificate, or start the relay with --name \(wanted)"
        case .unknownAuthority: "trust the ca.pem that this very relay names when it is ready"
        case .other: "trust the ca.pem that this very relay names when it is ready"
        }
    }
}
