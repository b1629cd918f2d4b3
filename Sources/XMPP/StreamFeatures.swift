/// What the receiving side of a stream offers (RFC 6120 §4.3.2).
package struct StreamFeatures: Equatable, Sendable {
    /// SASL mechanisms in order of preference; empty when there is nothing to log in to.
    package var mechanisms: [String]
    /// Whether a resource can, and must, be bound.
    package var bind: Bool
    /// Whether the session request of RFC 3921 is still understood.
    package var session: Bool
    /// Whether stanzas can be acknowledged (XEP-0198).
    package var streamManagement: Bool
    /// Features of other namespaces.
    package var others: [Element]

    package init(
        mechanisms: [String] = [], bind: Bool = false, session: Bool = false,
        streamManagement: Bool = false, others: [Element] = []
    ) {
        self.mechanisms = mechanisms
        self.bind = bind
        self.session = session
        self.streamManagement = streamManagement
        self.others = others
    }

    /// Reads `<stream:features/>`; `nil` for any other element.
    package init?(_ element: Element) {
        guard element.is("features", in: Namespace.streams) else { return nil }
        self.init()
        for child in element.children {
            if child.is("mechanisms", in: Namespace.sasl) {
                mechanisms = child.children
                    .filter { $0.is("mechanism", in: Namespace.sasl) }
                    .map(\.textString)
            } else if child.is("bind", in: Namespace.bind) {
                bind = true
            } else if child.is("session", in: Namespace.session) {
                session = true
            } else if child.is("sm", in: Namespace.streamManagement) {
                streamManagement = true
            } else {
                others.append(child)
            }
        }
    }

    /// The `<stream:features/>` to send.
    package var element: Element {
        var children: [Element] = []
        if !mechanisms.isEmpty {
            let offered = mechanisms.map {
                Element("mechanism", namespace: Namespace.sasl, text: $0)
            }
            children.append(Element("mechanisms", namespace: Namespace.sasl, children: offered))
        }
        if bind { children.append(Element("bind", namespace: Namespace.bind)) }
        if session { children.append(Element("session", namespace: Namespace.session)) }
        if streamManagement {
            children.append(Element("sm", namespace: Namespace.streamManagement))
        }
        return Element("features", namespace: Namespace.streams, children: children + others)
    }
}
