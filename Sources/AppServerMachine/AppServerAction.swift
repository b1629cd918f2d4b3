package import CloudMessaging

/// What the driver of an app server does next, in the order in which the machine gives it.
package enum AppServerAction: Hashable, Sendable {
    // MARK: To the relay

    /// Open a connection, log in and bind; answered by `connected`, `connectionFailed` or
    /// `connectionLost`.
    case connect(AppServerConnectionID)
    /// Write the ACK on this connection and no other.
    case acknowledge(MessagePair, on: AppServerConnectionID)
    /// The same for a receipt, with its full ID and the address that it came from.
    case acknowledgeReceipt(ReceivedReceipt, on: AppServerConnectionID)
    /// Write the request; answered by `answered`, or by the end of the connection.
    case request(DownstreamRequest, on: AppServerConnectionID)
    /// End the stream, or the attempt to open it; nothing more needs to be reported of it.
    case close(AppServerConnectionID)

    // MARK: To the application

    /// The connection is bound: messages may come.
    case connected(AppServerConnectionID)
    /// An attempt did not come up; the next one for its place comes then.
    case connectionFailed(AppServerConnectionID, reason: String, retryAt: Instant)
    /// The relay refuses the sender ID or its key. Everything is closed, and nothing is opened
    /// until the app server is started again.
    case authenticationFailed(AppServerConnectionID, reason: String)
    /// The relay will close the connection; another takes its place.
    case draining(AppServerConnectionID)
    /// A connection that was bound is gone.
    case disconnected(AppServerConnectionID, DisconnectReason)
    /// A message came; `attempt` counts from 1 how often this app server has seen its pair.
    case upstream(ReceivedMessage, on: AppServerConnectionID, attempt: Int)
    /// A delivery was ACKed; `distinct` counts the messages that were ACKed up to this one, each
    /// once (`AppServerCounters.distinctAcknowledged`).
    case acknowledged(MessagePair, distinct: Int)
    /// A delivery is left unanswered by the policy.
    case skipped(MessagePair)
    /// What became of a request; told once.
    case requestEnded(DownstreamRequestID, DownstreamOutcome)
    /// A message reached its device.
    case receipt(ReceivedReceipt, on: AppServerConnectionID)
    /// The relay refused something that is no request of this connection.
    case rejected(AppServerConnectionID, error: String, description: String)
}

/// Why a bound connection is gone.
package enum DisconnectReason: Hashable, Sendable, CustomStringConvertible {
    /// It broke or the relay ended it, in the driver's words.
    case lost(String)
    /// The relay closed it after it had announced to.
    case drained
    /// This app server ended.
    case stopped

    package var description: String {
        switch self {
        case .lost(let reason): reason
        case .drained: "drained"
        case .stopped: "stopped"
        }
    }
}
