internal import COpenSSL

/// An alert that the peer sent (RFC 8446 §6).
package struct TLSAlert: Equatable, Sendable, CustomStringConvertible {
    package let code: UInt8

    package init(code: UInt8) {
        self.code = code
    }

    package static let badCertificate = TLSAlert(code: 42)
    package static let certificateExpired = TLSAlert(code: 45)
    package static let certificateUnknown = TLSAlert(code: 46)
    package static let unknownAuthority = TLSAlert(code: 48)
    package static let protocolVersion = TLSAlert(code: 70)

    /// The peer did not like our certificate, or us for it.
    package var isAboutCertificate: Bool {
        (42...46).contains(code) || self == .unknownAuthority
    }

    /// The name in use, "unknown CA".
    package var description: String {
        String(cString: SSL_alert_desc_string_long(Int32(code)))
    }
}
