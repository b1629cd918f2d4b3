import CloudMessaging
import Journal
import RelayService

extension MessageRecord {
    /// As people and their tools see it.
    var json: [UInt8] {
        var object = JSONObjectWriter()
        addMembers(to: &object)
        object.end()
        return object.bytes
    }

    fileprivate func addMembers(to object: inout JSONObjectWriter) {
        object.add("id", number)
        object.add("state", state.rawValue)
        object.add("direction", direction.rawValue)
        object.add("message_id", ifAny: messageID?.text)
        object.add("sender_id", ifAny: sender?.text)
        object.add("from", ifAny: from?.text)
        object.add("category", ifAny: category?.text)
        if isReceipt { object.add("receipt", true) }
        object.add("attempts", attempts)
        object.add("connection", ifAny: connection)
        object.add("first_seen", firstSeen)
        object.add("changed", changed)
        object.add("retry_due", retryDue)
        object.add("time_to_live", ifAny: timeToLive)
        object.add("expires", expiry)
        object.add("reason", ifAny: reason)
        if let data { object.add("data", json: data.json) }
    }
}

extension MessageStory {
    var json: [UInt8] {
        var object = JSONObjectWriter()
        record.addMembers(to: &object)
        object.add("explanation", explanation)
        object.add("history", list: attempts.map(\.json))
        object.end()
        return object.bytes
    }
}

extension MessageStory.Attempt {
    var json: [UInt8] {
        var object = JSONObjectWriter()
        object.add("attempt", number)
        object.add("connection", connection)
        object.add("at", at)
        object.add("reason", ifAny: reason)
        object.add("outcomes", texts: outcomes)
        object.end()
        return object.bytes
    }
}
