internal import CloudMessaging

extension DeliveredMessage {
    /// What an iOS app gets.
    var userInfo: [AnyHashable: Any] {
        var userInfo = Self.dictionary(data)
        userInfo["from"] = from
        userInfo["gcm.message_id"] = id.text
        if let collapseKey { userInfo["collapse_key"] = collapseKey }
        if let notification { userInfo["notification"] = Self.dictionary(notification) }
        var aps: [AnyHashable: Any] = [:]
        if contentAvailable { aps["content-available"] = 1 }
        if mutableContent { aps["mutable-content"] = 1 }
        if !aps.isEmpty { userInfo["aps"] = aps }
        return userInfo
    }

    private static func dictionary(_ payload: DataPayload) -> [AnyHashable: Any] {
        var dictionary: [AnyHashable: Any] = [:]
        for (key, value) in payload.texts { dictionary[key] = value }
        return dictionary
    }
}
