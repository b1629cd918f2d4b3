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
