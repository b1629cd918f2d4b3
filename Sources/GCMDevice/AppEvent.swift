package import CloudMessaging

/// What one app is told by its device, always on the device's own thread.
package enum AppEvent: Sendable {
    /// The message is durable; it will be sent.
    case accepted(messageID: String)
    /// The relay took these messages.
    case sent(messageIDs: [String])
    /// A message that was accepted will not travel.
    case failed(messageID: String, SendFailure)
    /// The app's token, good for all these senders.
    case registered(token: String, senders: [String])
    /// The relay gives no token for the senders that were asked for last.
    case registrationRefused(AppRequest.Refusal)
    /// The token has taken the place of another.
    case tokenRefreshed
    /// The app is in a device group, to which app servers send under this notification key.
    case joinedGroup(name: String, notificationKey: String)
    /// An app server sent a message.
    case received(DeliveredMessage)
    /// The relay dropped so many messages for the app.
    case messagesDeleted(total: Int)
    /// The device is connected.
    case online
    /// The device is not connected, or the attempt to connect failed.
    case offline(reason: String)
}
