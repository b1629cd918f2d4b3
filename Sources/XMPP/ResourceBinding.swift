/// Binding a resource to a stream (RFC 6120 §7), and the session request that once came after it.
package enum ResourceBinding {
    /// A client's request.
    package static func request(id: String, resource: String? = nil) -> IQ {
        let proposal = resource.map {
            Element("resource", namespace: Namespace.bind, text: $0)
        }
        return IQ(
            .set, id: id,
            payload: Element(
                "bind", namespace: Namespace.bind, children: [proposal].compactMap(\.self)))
    }

    /// Whether an IQ asks for a resource.
    package static func isRequest(_ iq: IQ) -> Bool {
        iq.kind == .set && iq.payload?.is("bind", in: Namespace.bind) == true
    }

    /// The resource that a request proposes, if it does.
    package static func proposedResource(_ iq: IQ) -> String? {
        guard let text = iq.payload?.child("resource", in: Namespace.bind)?.textString else {
            return nil
        }
        return text.isEmpty ? nil : text
    }

    /// The answer that tells a client its address; without `to` and `from`, as from the real service.
    package static func result(to request: IQ, jid: JID) -> IQ {
        IQ(
            .result, id: request.id,
            payload: Element(
                "bind", namespace: Namespace.bind,
                children: [Element("jid", namespace: Namespace.bind, text: jid.description)]))
    }

    /// The address in the answer to a request; `nil` when there is none.
    package static func boundJID(_ iq: IQ) throws(JIDError) -> JID? {
        guard iq.kind == .result, let bind = iq.payload, bind.is("bind", in: Namespace.bind),
            let jid = bind.child("jid", in: Namespace.bind)
        else { return nil }
        return try JID(parsing: jid.textString)
    }

    /// Whether an IQ asks for a session (RFC 3921 §3). An empty result is the whole answer.
    package static func isSessionRequest(_ iq: IQ) -> Bool {
        iq.kind == .set && iq.payload?.is("session", in: Namespace.session) == true
    }
}
