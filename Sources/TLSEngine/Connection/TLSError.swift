/// Why a TLS connection ended badly, from the side of the one who reports it. The description says
/// what happened and what to do.
package enum TLSError: Error, Equatable, Sendable {
    /// The peer does not speak TLS but text; `beginning` is what came first, made printable.
    case plainText(from: TLSPeer, beginning: String)
    /// The peer's first bytes are neither TLS nor text.
    case notTLS(from: TLSPeer)
    /// The peer's highest version is below TLS 1.2; `offered` is its name, nil if unknown.
    case outdatedProtocol(from: TLSPeer, offered: String?)
    case noCommonCipher(from: TLSPeer)
    /// We refused the server's certificate.
    case certificate(CertificateProblem)
    /// The peer ended the connection with an alert.
    case alert(TLSAlert, from: TLSPeer)
    /// The TCP connection ended without a close_notify, so bytes may be missing.
    case truncated(by: TLSPeer, duringHandshake: Bool)
    /// The peer broke the protocol; OpenSSL's words.
    case protocolViolation(by: TLSPeer, reason: String)
    /// `hostName` is neither a host name nor an IP address.
    case invalidHostName(String)
    /// Sent before the handshake was complete, or after the end.
    case notOpen
}

/// The other end of a connection.
package enum TLSPeer: String, Sendable {
    case client
    case server
}

extension TLSError: CustomStringConvertible {
    package var description: String {
        remedy.map { "\(problem); \($0)" } ?? problem
    }

    /// What happened, in one clause.
    package var problem: String {
        switch self {
        case .plainText(.client, let beginning):
            "plain text on the TLS port: the client began with \"\(beginning)\""
        case .plainText(.server, let beginning):
            "plain text instead of TLS: the server began with \"\(beginning)\""
        case .notTLS(let peer): "the \(peer.rawValue)'s first bytes are not TLS"
        case .outdatedProtocol(let peer, let offered):
            "\(peer.rawValue) offered only \(offered ?? "versions older than TLS 1.2")"
        case .noCommonCipher(let peer): "no cipher in common with the \(peer.rawValue)"
        case .certificate(let problem): problem.problem
        case .alert(let alert, .client) where alert.isAboutCertificate:
            "the client refused our certificate (\(alert))"
        case .alert(let alert, let peer):
            "the \(peer.rawValue) ended the connection with a TLS alert (\(alert))"
        case .truncated(let peer, duringHandshake: true):
            "the \(peer.rawValue) hung up during the TLS handshake"
        case .truncated(let peer, duringHandshake: false):
            "the connection broke, the \(peer.rawValue) had not said it was done"
        case .protocolViolation(let peer, let reason):
            "the \(peer.rawValue) broke the TLS protocol (\(reason))"
        case .invalidHostName(let name): "\"\(name)\" is neither a host name nor an IP address"
        case .notOpen: "the TLS connection is not open for sending"
        }
    }

    /// What to do about it, where something can be said.
    package var remedy: String? {
        switch self {
        case .plainText(.client, _):
            "it must speak TLS from the first byte, without STARTTLS"
        case .plainText(.server, _): "check the port"
        case .notTLS: "check host and port, and what stands in between"
        case .outdatedProtocol: "it needs TLS 1.2 or 1.3"
        case .noCommonCipher: "it needs one of OpenSSL's default ciphers"
        case .certificate(let problem): problem.remedy
        case .alert(let alert, .client) where alert.isAboutCertificate:
            "it must trust our ca.pem and connect under a name in the certificate"
        case .alert(.protocolVersion, _): "one side is limited to old versions; both need TLS 1.2"
        case .truncated(.client, duringHandshake: true):
            "often a client that refused our certificate without a word, or a port check"
        case .truncated(.server, duringHandshake: true): "check that this is the TLS port"
        case .invalidHostName: "write addresses without brackets"
        case .alert, .truncated, .protocolViolation, .notOpen: nil
        }
    }
}
