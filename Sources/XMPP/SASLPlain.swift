/// The one message of the SASL mechanism PLAIN (RFC 4616).
package struct SASLPlain: Sendable {
    /// The mechanism's name.
    package static let mechanism = "PLAIN"

    /// Whom to act for; empty means the one who authenticates.
    package var authorizationID: String
    /// Who authenticates.
    package var authenticationID: String
    package var password: String

    package init(authorizationID: String = "", authenticationID: String, password: String) {
        self.authorizationID = authorizationID
        self.authenticationID = authenticationID
        self.password = password
    }

    /// Reads the text of `<auth/>`.
    package init(decoding text: [UInt8]) throws(SASLPlainError) {
        // A single = stands for an empty message (RFC 6120 §6.4.2).
        guard !text.isEmpty, text != [UInt8(ascii: "=")] else { throw .emptyMessage }
        guard let message = Base64.decode(text) else { throw .notBase64 }
        let parts = message.split(separator: 0, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .wrongNULCount(parts.count - 1) }
        let strings = parts.compactMap { String(validating: $0, as: UTF8.self) }
        guard strings.count == 3 else { throw .notUTF8 }
        guard !strings[1].isEmpty else { throw .emptyAuthenticationID }
        guard !strings[2].isEmpty else { throw .emptyPassword }
        self.init(
            authorizationID: strings[0], authenticationID: strings[1], password: strings[2])
    }

    /// The text of `<auth/>`.
    package var encoded: [UInt8] {
        Base64.encode(
            Array(authorizationID.utf8) + [0] + Array(authenticationID.utf8) + [0]
                + Array(password.utf8))
    }

    /// The `<auth/>` to send.
    package var element: Element {
        Element(
            "auth", namespace: Namespace.sasl,
            attributes: [Attribute("mechanism", Self.mechanism)], text: encoded)
    }
}

extension SASLPlain: Equatable {
    package static func == (left: SASLPlain, right: SASLPlain) -> Bool {
        left.authorizationID.hasSameBytes(as: right.authorizationID)
            && left.authenticationID.hasSameBytes(as: right.authenticationID)
            && left.password.hasSameBytes(as: right.password)
    }
}

/// Why a PLAIN message cannot be used.
package enum SASLPlainError: Error, Equatable, Sendable {
    case emptyMessage
    case notBase64
    case wrongNULCount(Int)
    case notUTF8
    case emptyAuthenticationID
    case emptyPassword

    /// The failure to answer with (RFC 6120 §6.5).
    package var condition: SASLFailure.Condition {
        self == .notBase64 ? .incorrectEncoding : .malformedRequest
    }
}

extension SASLPlainError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .emptyMessage: "<auth/> carries no message"
        case .notBase64: "the text of <auth/> is not Base64"
        case .wrongNULCount(let count):
            "the PLAIN message has \(count) NUL bytes instead of 2 (NUL user NUL password)"
        case .notUTF8: "the PLAIN message is not UTF-8"
        case .emptyAuthenticationID: "the PLAIN message names no user"
        case .emptyPassword: "the PLAIN message has no password"
        }
    }
}
