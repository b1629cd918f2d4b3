/// A downstream message as it reaches an app on a device.
package struct DeliveredMessage: Hashable, Sendable {
    /// The app that it is for.
    package let category: Category
    /// As the app server chose it.
    package let id: MessageID
    /// The sender ID, or what else the relay names as origin (`/topics/news`).
    package let from: String
    package let data: DataPayload
    /// What the app server wants to be shown (protocol sheet §3.1); nil: nothing.
    package let notification: DataPayload?
    package let collapseKey: String?
    /// Whether the message is to wake an iOS app.
    package let contentAvailable: Bool
    /// Whether an iOS app may change the notification before it is shown.
    package let mutableContent: Bool

    package init(
        category: Category, id: MessageID, from: String, data: DataPayload = .empty,
        notification: DataPayload? = nil, collapseKey: String? = nil,
        contentAvailable: Bool = false, mutableContent: Bool = false
    ) {
        self.category = category
        self.id = id
        self.from = from
        self.data = data
        self.notification = notification
        self.collapseKey = collapseKey
        self.contentAvailable = contentAvailable
        self.mutableContent = mutableContent
    }
}
