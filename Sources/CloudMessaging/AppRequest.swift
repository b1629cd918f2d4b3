/// What an app asks of the relay besides its token; each may be repeated without harm.
package enum AppRequest: Hashable, Sendable {
    /// The token is to be good no more.
    case unregister
    /// A new token is to take the place of the one there is.
    case refreshToken
    case subscribe(TopicName)
    case unsubscribe(TopicName)
    /// To be a member of the sender's group of that name, which is made if there is none.
    case joinGroup(GroupName, of: SenderID)
    case leaveGroup(GroupName, of: SenderID)

    /// The relay's answer.
    package enum Answer: Hashable, Sendable {
        case done
        /// To `refreshToken`.
        case refreshed(AppRegistration)
        /// To `joinGroup`: the group's notification key.
        case joined(key: RegistrationToken)
        /// `serviceNotAvailable`: not now. The reason is a sentence for whoever reads the log.
        case refused(UpstreamError, reason: String = "")
    }
}
