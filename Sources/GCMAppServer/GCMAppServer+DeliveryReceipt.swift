import AppServerMachine

extension GCMAppServer {
    /// The relay's word that a downstream message has reached its device.
    public struct DeliveryReceipt: Hashable, Sendable {
        /// The ID of the message that reached its device.
        public let messageID: String
        /// The registration token of the app that got it. Nil when the relay did not say.
        public let deviceRegistrationID: String?
        /// What happened; `MESSAGE_SENT_TO_DEVICE` is the only one that is documented.
        public let status: String?
        /// When it happened, in milliseconds since 1970. Nil when the relay did not say.
        public let sentTimestamp: Int64?
        /// Which app got it. Nil when the relay did not say.
        public let category: String?
        /// The receipt's own ID: `dr2:` and that of the message.
        public let receiptID: String
        /// The relay's address, which the ACK went to.
        public let from: String
        /// The connection that it came on; see ``GCMAppServer/Event``.
        public let connection: Int

        init(_ receipt: ReceivedReceipt, on connection: AppServerConnectionID) {
            messageID = receipt.messageID
            deviceRegistrationID = receipt.token
            status = receipt.status
            sentTimestamp = receipt.sentTimestamp
            category = receipt.category
            receiptID = receipt.receiptID
            from = receipt.from
            self.connection = connection.rawValue
        }
    }
}
