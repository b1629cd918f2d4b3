/// What a check-in returned.
package struct DeviceIdentity: Hashable, Sendable {
    package let id: DeviceID
    /// The password of the device stream.
    package let securityToken: String

    package init(id: DeviceID, securityToken: String) {
        self.id = id
        self.securityToken = securityToken
    }
}

/// The token of an app on this device; in an outbox also that an app waits for one.
package struct AppRegistration: Hashable, Sendable {
    package let category: Category
    /// Empty: the app waits for it.
    package let token: RegistrationToken
    /// Whom the token is good for, or should be.
    package let senders: [SenderID]

    package init(category: Category, token: RegistrationToken, senders: [SenderID]) {
        self.category = category
        self.token = token
        self.senders = senders
    }

    /// Notes that an app waits for a token.
    package init(awaitedBy category: Category, senders: [SenderID]) {
        self.init(category: category, token: RegistrationToken(""), senders: senders)
    }

    package var isAwaited: Bool { token.text.isEmpty }
}

/// A message that the library took and whose outcome the app was not yet told.
package struct PendingMessage: Hashable, Sendable {
    package enum State: Int, Sendable {
        /// The relay did not yet answer.
        case pending
        /// The relay took it; the app was not yet told.
        case sent
    }

    /// Orders the messages of a device; counted up over its lives.
    package let number: Int64
    package let category: Category
    /// The address as the app gave it.
    package let to: String
    package let id: MessageID
    package let uploadID: UploadID
    package let data: DataPayload
    /// Seconds, as the app asked for; 0 is never stored.
    package let timeToLive: Int
    package let expiry: Instant
    package var state: State

    package init(
        number: Int64, category: Category, to: String, id: MessageID, uploadID: UploadID,
        data: DataPayload, timeToLive: Int, expiry: Instant, state: State = .pending
    ) {
        self.number = number
        self.category = category
        self.to = to
        self.id = id
        self.uploadID = uploadID
        self.data = data
        self.timeToLive = timeToLive
        self.expiry = expiry
        self.state = state
    }
}
