/// What the relay says of a message that reached its device (protocol sheet §3.5).
package struct ReceivedReceipt: Hashable, Sendable {
    /// What its ACK repeats: `dr2:` and the message's ID, and the relay's own address.
    package let receiptID: String
    package let from: String
    /// The `message_id` of the downstream message.
    package let messageID: String
    /// The device that got it.
    package let token: String?
    /// `MESSAGE_SENT_TO_DEVICE` is the only one documented.
    package let status: String?
    /// Milliseconds since 1970.
    package let sentTimestamp: Int64?
    package let category: String?

    package init(
        receiptID: String, from: String, messageID: String, token: String?, status: String?,
        sentTimestamp: Int64?, category: String?
    ) {
        self.receiptID = receiptID
        self.from = from
        self.messageID = messageID
        self.token = token
        self.status = status
        self.sentTimestamp = sentTimestamp
        self.category = category
    }
}
