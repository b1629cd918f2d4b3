package import CloudMessaging
package import DeviceMachine

/// What an app, or whoever watches a device, is told.
///
/// Told on the device's own thread, before the device forgets it: what a listener has seen is not
/// told again, and what it has not seen is told in the next life.
package enum DeviceEvent: Sendable {
    case online
    case offline
    case registered(AppRegistration)
    case registrationRefused(Category, AppRequest.Refusal)
    /// The relay does not know the device, for this reason: it checks in anew.
    case identityRefused(reason: String)
    /// The app's token has taken the place of another.
    case tokenRefreshed(Category)
    /// The app is in the group, whose notification key this is.
    case joinedGroup(Category, GroupName, key: RegistrationToken)
    /// The message is durable.
    case accepted(MessageReference)
    /// The relay took these messages.
    case sent([MessageReference])
    case sendError(MessageReference, UpstreamError)
    /// An app server sent an app a message.
    case received(DeliveredMessage)
    /// The relay dropped so many messages for the app.
    case messagesDeleted(Category, total: Int)
    /// The relay sent something that no app here can get.
    case deliveryDropped(reason: String)
    /// The link ended; the device tries again unless it was told to stay offline.
    case linkLost(reason: String)
    /// The outbox cannot be written; new messages are refused meanwhile.
    case storeFailed(StoreFailure)
}
