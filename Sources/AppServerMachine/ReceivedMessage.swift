package import CloudMessaging

/// An upstream message as an app server reads it from its stream (protocol sheet §2.1).
package struct ReceivedMessage: Hashable, Sendable {
    /// What the ACK will name: the token in `from`, and the app's `message_id`.
    package let pair: MessagePair
    /// Which app sent it; nil when the relay did not say.
    package let category: Category?
    /// `{}` when the relay sent none.
    package let data: DataPayload
    /// Seconds; real traffic has it although the documentation does not.
    package let timeToLive: Int?

    package init(
        from token: RegistrationToken, id: MessageID, category: Category?,
        data: DataPayload, timeToLive: Int?
    ) {
        pair = MessagePair(token: token, id: id)
        self.category = category
        self.data = data
        self.timeToLive = timeToLive
    }
}
