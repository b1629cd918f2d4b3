/// What a peer's stream said next.
package enum StreamEvent: Equatable, Sendable {
    /// The stream header arrived.
    case opened(StreamHeader)
    /// A whole stanza, or another element at stream level such as `<auth/>` or `<stream:features/>`.
    case stanza(Element)
    /// The stream's end tag arrived; nothing that follows it is read.
    case closed
}
