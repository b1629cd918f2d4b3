internal import CloudMessaging

extension GCMBundle {
    /// What an Android app gets.
    init(_ message: DeliveredMessage) {
        self.init(message.data)
        putString("google.message_id", message.id.text)
        if let collapseKey = message.collapseKey { putString("collapse_key", collapseKey) }
        if let notification = message.notification {
            putBundle("notification", GCMBundle(notification))
        }
    }

    init(_ payload: DataPayload) {
        self.init()
        for (name, value) in payload.texts { putString(name, value) }
    }
}
