/// What an iOS app is told about its messages; every message is named by the ID that the app gave
/// it. Called on the device's own thread, one call after the other; must not block.
///
/// Every method has an empty default.
public protocol GCMReceiverDelegate: AnyObject, Sendable {
    /// The library has processed the message.
    ///
    /// - Parameter error: nil: the message is saved and will be sent. Otherwise it will never be
    ///   sent; this may also come later, when the message expires before it could be sent.
    func willSendDataMessage(withID messageID: String, error: GCMServiceError?)

    /// The relay has taken the message; that the app server has it is not said.
    func didSendDataMessage(withID messageID: String)

    /// An app server sent a message to this app.
    ///
    /// The original library handed messages to the application's delegate, as
    /// `application(_:didReceiveRemoteNotification:)`; here there is no application.
    ///
    /// - Parameter userInfo: the message's data, each value a string, and beside it
    ///   - `from`: the sender ID, or `/topics/` and the name of a topic,
    ///   - `gcm.message_id`: the ID that the app server gave it,
    ///   - `collapse_key`, if the app server named one,
    ///   - `notification`: a dictionary of strings, if the message has a notification,
    ///   - `aps`: a dictionary with the numbers `content-available` and `mutable-content`, as
    ///     Apple's service writes them, if the app server asked for one of them.
    func didReceiveRemoteNotification(_ userInfo: [AnyHashable: Any])

    /// The relay has thrown away messages for this app because there were too many.
    func didDeleteMessagesOnServer()
}

extension GCMReceiverDelegate {
    /// Does nothing.
    public func willSendDataMessage(withID messageID: String, error: GCMServiceError?) {}
    /// Does nothing.
    public func didSendDataMessage(withID messageID: String) {}
    /// Does nothing.
    public func didReceiveRemoteNotification(_ userInfo: [AnyHashable: Any]) {}
    /// Does nothing.
    public func didDeleteMessagesOnServer() {}
}
