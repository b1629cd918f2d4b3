/// What an app with the Firebase library is told; the original is a class. Called on the device's
/// own thread, one call after the other; must not block.
///
/// Every method has an empty default.
public protocol FirebaseMessagingService: AnyObject, Sendable {
    /// An app server sent a message to this app.
    func onMessageReceived(_ message: RemoteMessage)

    /// The relay has taken a message; that the app server has it is not said.
    func onMessageSent(_ messageID: String)

    /// A message will not be sent.
    func onSendError(_ messageID: String, _ exception: SendException)

    /// The relay has thrown away messages for this app because there were too many.
    func onDeletedMessages()

    /// The app has a token that it was not told before; the app server must be told.
    func onNewToken(_ token: String)
}

extension FirebaseMessagingService {
    /// Does nothing.
    public func onMessageReceived(_ message: RemoteMessage) {}
    /// Does nothing.
    public func onMessageSent(_ messageID: String) {}
    /// Does nothing.
    public func onSendError(_ messageID: String, _ exception: SendException) {}
    /// Does nothing.
    public func onDeletedMessages() {}
    /// Does nothing.
    public func onNewToken(_ token: String) {}
}
