/// Application-level ping (XEP-0199). An empty result is the whole answer.
package enum Ping {
    /// A request for a sign of life.
    package static func request(id: String, to: String? = nil) -> IQ {
        IQ(.get, id: id, to: to, payload: Element("ping", namespace: Namespace.ping))
    }

    /// Whether an IQ asks for a sign of life.
    package static func isRequest(_ iq: IQ) -> Bool {
        iq.kind == .get && iq.payload?.is("ping", in: Namespace.ping) == true
    }
}
