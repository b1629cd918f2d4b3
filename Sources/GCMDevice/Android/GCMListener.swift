/// What an Android app is told; the original is the class `GcmListenerService`. Called on the
/// device's own thread, one call after the other; must not block.
///
/// Every method has an empty default.
public protocol GCMListener: AnyObject, Sendable {
    /// The relay has taken a message; that the app server has it is not said. Calls come in
    /// batches: see ``GCMDeviceConfiguration/sentBatch``.
    func onMessageSent(_ messageID: String)

    /// A message will not be sent: `TooManyMessages`, `SERVICE_NOT_AVAILABLE` (it expired, or its
    /// time to live was 0 and there was no connection), `MessageTooBig`, `invalid_parameters`.
    func onSendError(_ messageID: String, _ error: String)

    /// An app server sent a message to this app.
    ///
    /// - Parameters:
    ///   - from: the sender ID, or `/topics/` and the name of a topic.
    ///   - data: the message's data; under `google.message_id` the ID that the app server gave
    ///     it, under `collapse_key` that key, if it has one, and under `notification` a bundle, if
    ///     it has a notification, as for an app in the foreground.
    func onMessageReceived(from: String, data: GCMBundle)

    /// The app's token was replaced by another, which ``GoogleCloudMessaging/getToken(_:scope:)``
    /// gives; the app server must be told. In the original a method of `InstanceIDListenerService`.
    func onTokenRefresh()

    /// The relay has thrown away messages for this app because there were too many.
    func onDeletedMessages()
}

extension GCMListener {
    /// Does nothing.
    public func onMessageSent(_ messageID: String) {}
    /// Does nothing.
    public func onSendError(_ messageID: String, _ error: String) {}
    /// Does nothing.
    public func onMessageReceived(from: String, data: GCMBundle) {}
    /// Does nothing.
    public func onTokenRefresh() {}
    /// Does nothing.
    public func onDeletedMessages() {}
}
