/// What an app asks of the relay besides its token; each may be repeated without harm.
package enum AppRequest: Hashable, Sendable {
    /// The token is to be good no more.
    case unregister
    /// A new token is to take the place of the one there is.
    case refreshToken
    case subscribe(TopicName)
    case unsubscribe(TopicName)

    /// The relay's answer.
    package enum Answer: Hashable, Sendable {
        case done
        /// To `refreshToken`.
        case refreshed(AppRegistration)
        /// `serviceNotAvailable`: not now. The reason is a sentence for whoever reads the log.
        case refused(UpstreamError, reason: String = "")
    }
}
