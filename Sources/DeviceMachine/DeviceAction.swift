package import CloudMessaging

/// What the driver of a device does next, in the order in which the machine gives it.
package enum DeviceAction: Hashable, Sendable {
    // MARK: To the relay

    /// Open a link; answered by `linkOpened` or `linkLost`.
    case connect
    /// Close the link; nothing more of it is reported to the machine.
    case disconnect(DisconnectReason)
    /// Ask the relay for an identity; answered by `checkedIn` or `linkLost`.
    case checkIn
    /// Log in and open the stream; answered by `linkReady`, `identityUnknown` or `linkLost`.
    case authenticate(DeviceIdentity)
    /// Ask for a token of the app, good for all these senders; answered by `registered` or
    /// `registrationRefused`.
    case register(Category, senders: [SenderID])
    /// Ask the relay something else about the app; answered by `answered` with this number.
    case request(AppRequest, Category, number: Int64)
    /// Write the message with the time to live that is left of it, in seconds.
    case upload(PendingMessage, timeToLive: Int)

    // MARK: To the apps

    /// The stream to the relay is open.
    case online
    case offline
    /// The app has a token for the senders it asked for.
    case registered(AppRegistration)
    /// The relay gives the app no token for the senders it asked for last.
    case registrationRefused(Category, AppRequest.Refusal)
    /// The app's token has taken the place of another, which app servers may still use.
    case tokenRefreshed(Category)
    /// The app is in the group, whose notification key this is; `answered` follows.
    case joinedGroup(Category, GroupName, key: RegistrationToken)
    /// The request has its answer: nil when the relay did what was asked.
    case answered(Int64, AppRequest.Refusal?)
    /// The message is durable: `send` returns now, and an iOS delegate is told *will send*.
    case accepted(MessageReference)
    /// The relay took these messages of one app: the callback of each is made now.
    case sent([MessageReference])
    /// An app server sent the app a message.
    case received(DeliveredMessage)
    /// The relay dropped so many messages for the app: there were too many.
    case messagesDeleted(Category, total: Int)
    /// The message, or without an ID the deletion notice, is for an app that is not here: the relay
    /// is told so, and the log.
    case deliveryDropped(Category, MessageID?)
    /// The message will not travel. Without an `accepted` before it, `send` itself failed.
    case sendError(MessageReference, UpstreamError)
}

/// Why a device closes its link.
package enum DisconnectReason: Hashable, Sendable {
    /// `goOffline` or `shutDown`.
    case unwanted
    /// The relay does not know the device: its store was wiped.
    case identityUnknown
    /// The relay broke the protocol: it answered more uploads than were written.
    case answeredTooMany
}

/// Names a message in callbacks.
package struct MessageReference: Hashable, Sendable {
    /// As `SendOutcome.taken` gave it; tells messages with the same ID apart.
    package let number: Int64
    package let category: Category
    package let id: MessageID

    package init(number: Int64, category: Category, id: MessageID) {
        self.number = number
        self.category = category
        self.id = id
    }
}
