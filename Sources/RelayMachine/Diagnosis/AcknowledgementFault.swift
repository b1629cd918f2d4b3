package import CloudMessaging

/// Why an ACK settled nothing, as far as the relay can tell (protocol sheet §2.3).
package enum AcknowledgementFault: Sendable, Hashable {
    /// Another connection carries the message.
    case wrongConnection(carrier: ConnectionID)
    /// The connection that carried the message is gone, or its delay is over: it is about to be sent
    /// again.
    case tooLate
    /// This connection carries a message with this ID from somebody else.
    case wrongAddressee(expected: RegistrationToken)
    /// This connection carries a receipt whose ID begins with `dr2:`, which the ACK leaves out.
    case strippedPrefix(expected: MessageID)
    /// The ID is that of a message that this connection sent down: it ACKs the answer.
    case ofAnswer
    /// Nothing is known of it: it was ACKed before, has expired, or was never sent here.
    case unknownMessage
}
