/// What became of a request; each has exactly one outcome.
package enum DownstreamOutcome: Hashable, Sendable {
    case accepted(DownstreamAcceptance)
    /// The last answer, when it was not worth another try or there had been enough.
    case refused(DownstreamRefusal)
    /// Its connection ended before the answer came: the relay may have taken it or not.
    case unanswered(reason: String)
    /// The relay never saw it, or has refused it for the time being.
    case notSent(Reason)

    package enum Reason: Hashable, Sendable {
        /// `AppServerSettings.waitingRequests` others wait already.
        case tooManyWaiting
        case stopped
        /// `AppServerSettings.requestTimeout` is over.
        case timedOut
        /// The relay refused the login, in the driver's words.
        case loginRefused(String)
    }
}
