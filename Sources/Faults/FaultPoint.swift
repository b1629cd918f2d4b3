/// Where a fault can bite (contract: `on`). Stanzas are those of the app server's side.
package enum FaultPoint: String, Sendable, CaseIterable {
    /// The relay is about to write a message to an app server.
    case upstreamStanza = "upstream.stanza"
    /// An ACK of an app server has come, for a message or a receipt.
    case upstreamAck = "upstream.ack"
    /// A request of an app server has come.
    case downstreamStanza = "downstream.stanza"
    /// The relay is about to answer a request.
    case downstreamAnswer = "downstream.answer"
    /// The relay is about to write a delivery receipt to an app server.
    case receipt
    /// An app server's connection is about to be bound: it is known whose it is.
    case connection
    /// Sender ID and API key of an app server have come.
    case login
}
