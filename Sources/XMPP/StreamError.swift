/// An error that ends the whole stream (RFC 6120 §4.9).
package struct StreamError: Error, Equatable, Sendable {
    package var condition: Condition
    /// A sentence for whoever reads the peer's log.
    package var text: String?
    /// The application's own condition, from a namespace of its own.
    package var applicationCondition: Element?

    package init(
        _ condition: Condition, text: String? = nil, applicationCondition: Element? = nil
    ) {
        self.condition = condition
        self.text = text
        self.applicationCondition = applicationCondition
    }

    /// Every condition of RFC 6120 §4.9.3.
    package enum Condition: String, CaseIterable, Sendable {
        case badFormat = "bad-format"
        case badNamespacePrefix = "bad-namespace-prefix"
        case conflict
        case connectionTimeout = "connection-timeout"
        case hostGone = "host-gone"
        case hostUnknown = "host-unknown"
        case improperAddressing = "improper-addressing"
        case internalServerError = "internal-server-error"
        case invalidFrom = "invalid-from"
        case invalidNamespace = "invalid-namespace"
        case invalidXML = "invalid-xml"
        case notAuthorized = "not-authorized"
        case notWellFormed = "not-well-formed"
        case policyViolation = "policy-violation"
        case remoteConnectionFailed = "remote-connection-failed"
        case reset
        case resourceConstraint = "resource-constraint"
        case restrictedXML = "restricted-xml"
        case seeOtherHost = "see-other-host"
        case systemShutdown = "system-shutdown"
        case undefinedCondition = "undefined-condition"
        case unsupportedEncoding = "unsupported-encoding"
        case unsupportedFeature = "unsupported-feature"
        case unsupportedStanzaType = "unsupported-stanza-type"
        case unsupportedVersion = "unsupported-version"
    }
}

extension StreamError {
    /// Reads `<stream:error/>`; `nil` for any other element. A condition that RFC 6120 does not
    /// know is read as `undefined-condition`.
    package init?(_ element: borrowing Element) {
        guard element.is("error", in: Namespace.streams) else { return nil }
        let defined = element.children.filter {
            $0.namespace.hasSameBytes(as: Namespace.streamErrors)
        }
        condition =
            defined.lazy.compactMap { Condition(rawValue: $0.name) }.first ?? .undefinedCondition
        text = defined.first { $0.name.hasSameBytes(as: "text") }?.textString
        applicationCondition = element.children.first {
            !$0.namespace.hasSameBytes(as: Namespace.streamErrors)
        }
    }

    /// The `<stream:error/>` to send. The stream's end tag must follow it.
    package var element: Element {
        var children = [Element(condition.rawValue, namespace: Namespace.streamErrors)]
        if let text {
            children.append(Element("text", namespace: Namespace.streamErrors, text: text))
        }
        if let applicationCondition { children.append(applicationCondition) }
        return Element("error", namespace: Namespace.streams, children: children)
    }
}
