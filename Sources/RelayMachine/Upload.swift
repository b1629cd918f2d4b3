package import CloudMessaging

/// A message that a device sends up, as its session read it.
package struct Upload: Hashable, Sendable {
    package let id: UploadID
    /// The address of the app server, as the app gave it.
    package let to: String
    /// The app that the device says it is: checked against the relay's own record.
    package let category: Category
    /// The token that the device says it has, if it says so: checked likewise.
    package let claimedToken: RegistrationToken?
    package let messageID: MessageID
    /// Seconds that are left; nil: the longest that the relay allows.
    package let timeToLive: Int?
    package let data: DataPayload
    /// UTF-8 bytes of keys and values in `data`.
    package let payloadSize: Int

    package init(
        id: UploadID, to: String, category: Category, claimedToken: RegistrationToken? = nil,
        messageID: MessageID, timeToLive: Int? = nil, data: DataPayload, payloadSize: Int
    ) {
        self.id = id
        self.to = to
        self.category = category
        self.claimedToken = claimedToken
        self.messageID = messageID
        self.timeToLive = timeToLive
        self.data = data
        self.payloadSize = payloadSize
    }
}

/// Why an upload cannot become a message.
package struct UploadRefusal: Error, Hashable, Sendable {
    package let id: UploadID?
    package let error: UpstreamError
    /// What was wrong, for the log and the stanza error's text.
    package let reason: String

    package init(id: UploadID?, _ error: UpstreamError, _ reason: String) {
        self.id = id
        self.error = error
        self.reason = reason
    }
}
