import CloudMessaging
import Command

extension EventLine {
    /// The line of a downstream message: what its app gets, all values as strings.
    static func received(_ message: DeliveredMessage, at now: Instant) -> [UInt8] {
        var line = EventLine("message_received", at: now)
        line.add("message_id", message.id.text)
        line.add("from", message.from)
        line.add("category", message.category.text)
        line.add("data", json: DataPayload(message.data.texts).json)
        if let notification = message.notification {
            line.add("notification", json: DataPayload(notification.texts).json)
        }
        if let collapseKey = message.collapseKey { line.add("collapse_key", collapseKey) }
        return line.finished()
    }
}
