/// A refused login (RFC 6120 §6.5).
package struct SASLFailure: Error, Equatable, Sendable {
    package var condition: Condition
    package var text: String?

    package init(_ condition: Condition, text: String? = nil) {
        self.condition = condition
        self.text = text
    }

    /// Every condition of RFC 6120 §6.5.
    package enum Condition: String, CaseIterable, Sendable {
        case aborted
        case accountDisabled = "account-disabled"
        case credentialsExpired = "credentials-expired"
        case encryptionRequired = "encryption-required"
        case incorrectEncoding = "incorrect-encoding"
        case invalidAuthzid = "invalid-authzid"
        case invalidMechanism = "invalid-mechanism"
        case malformedRequest = "malformed-request"
        case mechanismTooWeak = "mechanism-too-weak"
        case notAuthorized = "not-authorized"
        case temporaryAuthFailure = "temporary-auth-failure"
    }

    /// Reads `<failure/>`; `nil` for any other element. An unknown condition is read as
    /// `not-authorized`, as RFC 6120 §6.5 wants nothing to depend on the difference.
    package init?(_ element: Element) {
        guard element.is("failure", in: Namespace.sasl) else { return nil }
        condition =
            element.children.lazy.compactMap { Condition(rawValue: $0.name) }.first
            ?? .notAuthorized
        text = element.child("text", in: Namespace.sasl)?.textString
    }

    /// The `<failure/>` to send.
    package var element: Element {
        var children = [Element(condition.rawValue, namespace: Namespace.sasl)]
        if let text { children.append(Element("text", namespace: Namespace.sasl, text: text)) }
        return Element("failure", namespace: Namespace.sasl, children: children)
    }

    /// The `<success/>` that is the other possible answer.
    package static let success = Element("success", namespace: Namespace.sasl)
}
