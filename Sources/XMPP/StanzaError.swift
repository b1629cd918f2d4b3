/// An error that concerns one stanza and leaves the stream alone (RFC 6120 §8.3).
package struct StanzaError: Error, Equatable, Sendable {
    package var kind: Kind
    package var condition: Condition
    /// A sentence for whoever reads the peer's log.
    package var text: String?
    /// The number that stood for the condition before XMPP had names (XEP-0086).
    package var legacyCode: Int?
    /// The application's own condition, from a namespace of its own.
    package var applicationCondition: Element?

    package init(
        _ kind: Kind, _ condition: Condition, text: String? = nil, legacyCode: Int? = nil,
        applicationCondition: Element? = nil
    ) {
        self.kind = kind
        self.condition = condition
        self.text = text
        self.legacyCode = legacyCode
        self.applicationCondition = applicationCondition
    }

    /// What the sender can do about it (RFC 6120 §8.3.2).
    package enum Kind: String, CaseIterable, Sendable {
        /// Retry after giving credentials.
        case auth
        /// Do not retry.
        case cancel
        /// Go on: this was only a warning.
        case `continue`
        /// Retry after changing what was sent.
        case modify
        /// Retry after waiting.
        case wait
    }

    /// Every condition of RFC 6120 §8.3.3.
    package enum Condition: String, CaseIterable, Sendable {
        case badRequest = "bad-request"
        case conflict
        case featureNotImplemented = "feature-not-implemented"
        case forbidden
        case gone
        case internalServerError = "internal-server-error"
        case itemNotFound = "item-not-found"
        case jidMalformed = "jid-malformed"
        case notAcceptable = "not-acceptable"
        case notAllowed = "not-allowed"
        case notAuthorized = "not-authorized"
        case policyViolation = "policy-violation"
        case recipientUnavailable = "recipient-unavailable"
        case redirect
        case registrationRequired = "registration-required"
        case remoteServerNotFound = "remote-server-not-found"
        case remoteServerTimeout = "remote-server-timeout"
        case resourceConstraint = "resource-constraint"
        case serviceUnavailable = "service-unavailable"
        case subscriptionRequired = "subscription-required"
        case undefinedCondition = "undefined-condition"
        case unexpectedRequest = "unexpected-request"
    }
}

extension StanzaError {
    /// Reads the `<error/>` in a stanza; `nil` when there is none. A kind or condition that
    /// RFC 6120 does not know is read as `cancel` and `undefined-condition`.
    package init?(in stanza: Element) {
        guard let error = stanza.child("error", in: Namespace.client) else { return nil }
        let defined = error.children.filter {
            $0.namespace.hasSameBytes(as: Namespace.stanzaErrors)
        }
        kind = error.type.flatMap(Kind.init(rawValue:)) ?? .cancel
        condition =
            defined.lazy.compactMap { Condition(rawValue: $0.name) }.first ?? .undefinedCondition
        text = defined.first { $0.name.hasSameBytes(as: "text") }?.textString
        legacyCode = error[attribute: "code"].flatMap { Int($0) }
        applicationCondition = error.children.first {
            !$0.namespace.hasSameBytes(as: Namespace.stanzaErrors)
        }
    }

    /// The `<error/>` to put into a stanza of type `error`.
    package var element: Element {
        var attributes: [Attribute] = []
        if let legacyCode { attributes.append(Attribute("code", String(legacyCode))) }
        attributes.append(Attribute("type", kind.rawValue))
        var children = [Element(condition.rawValue, namespace: Namespace.stanzaErrors)]
        if let text {
            children.append(Element("text", namespace: Namespace.stanzaErrors, text: text))
        }
        if let applicationCondition { children.append(applicationCondition) }
        return Element(
            "error", namespace: Namespace.client, attributes: attributes, children: children)
    }
}
