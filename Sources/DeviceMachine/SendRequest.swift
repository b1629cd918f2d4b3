package import CloudMessaging

/// A message as an app hands it to the library; `DeviceMachine.send` judges it.
package struct SendRequest: Sendable {
    package var category: Category
    /// Address of the app server, `<sender ID>@gcm.googleapis.com`; or the notification key of a
    /// group that the app is in.
    package var to: String?
    package var id: String
    package var data: DataPayload
    /// Seconds; nil, negative or too long: the longest allowed. 0: now or never.
    package var timeToLive: Int?

    package init(
        category: Category, to: String?, id: String, data: DataPayload, timeToLive: Int? = nil
    ) {
        self.category = category
        self.to = to
        self.id = id
        self.data = data
        self.timeToLive = timeToLive
    }
}

/// What became of a `send` at once.
package enum SendOutcome: Hashable, Sendable {
    /// The library has the message; `accepted` or `sendError` follows for this number.
    case taken(number: Int64)
    /// The library does not take the message, and keeps nothing of it.
    case refused(UpstreamError)
}
