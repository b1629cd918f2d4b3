/// A downstream message as the relay keeps it for one app on one device.
///
/// Immutable, so it is shared by reference between mailbox, stream and writer.
package final class DownstreamMessage: Hashable, Sendable {
    package let key: MailboxKey
    /// The app on a device that gets it.
    package let registration: Registration
    package let template: DownstreamTemplate

    package init(sequence: Int64, registration: Registration, template: DownstreamTemplate) {
        key = MailboxKey(registration: registration.number, sequence: sequence)
        self.registration = registration
        self.template = template
    }

    package var sender: SenderNumber { template.sender }
    package var id: MessageID { template.id }
    package var topic: TopicName? { template.topic }
    package var collapseKey: String? { template.collapseKey }
    package var content: [UInt8] { template.content }
    package var wantsReceipt: Bool { template.wantsReceipt }
    package var timeToLive: Int { template.timeToLive }
    package var expiry: Instant { template.expiry }

    package static func == (left: DownstreamMessage, right: DownstreamMessage) -> Bool {
        left === right
            || left.key == right.key && left.registration == right.registration
                && left.template == right.template
    }

    package func hash(into hasher: inout Hasher) {
        key.hash(into: &hasher)
    }
}

/// What an app server sent downstream, whoever gets it.
package struct DownstreamTemplate: Hashable, Sendable {
    package let sender: SenderNumber
    /// The app server's `message_id`.
    package let id: MessageID
    /// The topic that it was sent to; nil: it went to a token, a notification key or a condition.
    package let topic: TopicName?
    /// Of the messages with one key a mailbox keeps the newest; identified by its bytes.
    package let collapseKey: String?
    /// JSON text for the device.
    package let content: [UInt8]
    /// Whether the app server asked for a delivery receipt.
    package let wantsReceipt: Bool
    /// Seconds, as the app server sent it; 0 is never stored.
    package let timeToLive: Int
    /// When the time to live ends.
    package let expiry: Instant

    package init(
        sender: SenderNumber, id: MessageID, topic: TopicName? = nil, collapseKey: String? = nil,
        content: [UInt8], wantsReceipt: Bool = false, timeToLive: Int, expiry: Instant
    ) {
        self.sender = sender
        self.id = id
        self.topic = topic
        self.collapseKey = collapseKey
        self.content = content
        self.wantsReceipt = wantsReceipt
        self.timeToLive = timeToLive
        self.expiry = expiry
    }
}
