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

    /// Why the relay does not do what was asked, or gives an app no token.
    package struct Refusal: Hashable, Sendable, CustomStringConvertible {
        package let error: UpstreamError
        /// The relay's sentence about it; empty: there is none.
        package let reason: String

        package init(_ error: UpstreamError, reason: String = "") {
            self.error = error
            self.reason = reason
        }

        package static let invalidParameters = Refusal(.invalidParameters)
        package static let serviceNotAvailable = Refusal(.serviceNotAvailable)

        /// The error's name, and the sentence.
        package var description: String {
            reason.isEmpty ? error.androidName : "\(error.androidName): \(reason)"
        }
    }
}
