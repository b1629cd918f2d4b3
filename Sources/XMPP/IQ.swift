/// A request or an answer in the request–response part of XMPP (RFC 6120 §8.2.3).
package struct IQ: Equatable, Sendable {
    package enum Kind: String, Sendable {
        case get
        case set
        case result
        case error
    }

    package var kind: Kind
    /// Required by the RFC, and yet left out by some clients; an answer to those has none either.
    package var id: String?
    package var to: String?
    package var from: String?
    /// What is asked for or answered.
    package var payload: Element?
    /// Set when ``kind`` is `error`.
    package var error: StanzaError?

    package init(
        _ kind: Kind, id: String?, to: String? = nil, from: String? = nil,
        payload: Element? = nil, error: StanzaError? = nil
    ) {
        self.kind = kind
        self.id = id
        self.to = to
        self.from = from
        self.payload = payload
        self.error = error
    }

    /// Reads an `<iq/>`; `nil` for other elements and for a `type` that the RFC does not know.
    package init?(_ element: Element) {
        guard element.stanzaKind == .iq, let kind = element.type.flatMap(Kind.init(rawValue:))
        else {
            return nil
        }
        self.init(
            kind, id: element.id, to: element.to, from: element.from,
            payload: element.children.first { !$0.is("error", in: Namespace.client) },
            error: kind == .error ? StanzaError(in: element) : nil)
    }

    /// The answer that a request was carried out.
    package func result(_ payload: Element? = nil) -> IQ {
        IQ(.result, id: id, to: from, from: to, payload: payload)
    }

    /// The answer that a request was refused.
    package func refusal(_ error: StanzaError) -> IQ {
        IQ(.error, id: id, to: from, from: to, error: error)
    }

    /// The stanza to send. An empty address, as some clients put it in a ping, is left out.
    package var element: Element {
        var attributes = [Attribute("type", kind.rawValue)]
        if let id { attributes.append(Attribute("id", id)) }
        if let to, !to.isEmpty { attributes.append(Attribute("to", to)) }
        if let from, !from.isEmpty { attributes.append(Attribute("from", from)) }
        return Element(
            "iq", namespace: Namespace.client, attributes: attributes,
            children: [payload, error?.element].compactMap(\.self))
    }
}
