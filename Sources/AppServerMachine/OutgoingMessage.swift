package import CloudMessaging

/// A downstream message as an app server asks the relay to deliver it (protocol sheet §3.1).
///
/// Only what the app server set is written. Nothing but the message ID is judged here: that is the
/// relay's part, and an app server under test must be able to send what the relay refuses.
package struct OutgoingMessage: Sendable {
    /// Who is to get it.
    package enum Target: Sendable {
        /// A registration token, the notification key of a device group, or `/topics/<name>`.
        case to(String)
        /// Topics, joined by `&&` and `||`.
        case condition(String)
    }

    package enum Priority: String, Sendable {
        case high, normal
    }

    package var target: Target
    package var id: MessageID
    package var collapseKey: String?
    package var priority: Priority?
    package var isContentAvailable = false
    package var isContentMutable = false
    package var isDelayedWhileIdle = false
    /// Seconds.
    package var timeToLive: Int?
    package var wantsReceipt = false
    package var isDryRun = false
    package var data: DataPayload?
    /// Members of `notification` in the order in which they are written.
    package var notification: [(key: String, value: String)] = []

    package init(to target: Target, id: MessageID) {
        self.target = target
        self.id = id
    }

    /// The request's JSON text.
    package var json: [UInt8] {
        var json: [UInt8] = []
        switch target {
        case .to(let to): json.append(#"{"to":"#, text: to)
        case .condition(let condition): json.append(#"{"condition":"#, text: condition)
        }
        json.append(#","message_id":"#, text: id.text)
        if let collapseKey { json.append(#","collapse_key":"#, text: collapseKey) }
        if let timeToLive {
            json.append(#","time_to_live":"#)
            json.append(contentsOf: String(timeToLive).utf8)
        }
        if let priority { json.append(#","priority":"#, text: priority.rawValue) }
        if isContentAvailable { json.append(#","content_available":true"#) }
        if isContentMutable { json.append(#","mutable_content":true"#) }
        if isDelayedWhileIdle { json.append(#","delay_while_idle":true"#) }
        if wantsReceipt { json.append(#","delivery_receipt_requested":true"#) }
        if isDryRun { json.append(#","dry_run":true"#) }
        if !notification.isEmpty {
            json.append(#","notification":"#)
            json.append(contentsOf: DataPayload(notification).json)
        }
        if let data {
            json.append(#","data":"#)
            json.append(contentsOf: data.json)
        }
        json.append("}")
        return json
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ literal: StaticString) {
        literal.withUTF8Buffer { append(contentsOf: $0) }
    }

    fileprivate mutating func append(_ literal: StaticString, text: String) {
        append(literal)
        JSONStrings.append(text, to: &self)
    }
}
