package import AppServerMachine
package import CloudMessaging

/// What whoever runs an app server is told, in batches.
package enum AppServerEvent: Sendable {
    case connected(AppServerConnectionID)
    case connectionFailed(AppServerConnectionID, reason: String, retryAfter: Duration)
    /// Final: the app server does not try again.
    case authenticationFailed(AppServerConnectionID, reason: String)
    case draining(AppServerConnectionID)
    case disconnected(AppServerConnectionID, reason: String)
    case upstream(ReceivedMessage, on: AppServerConnectionID, attempt: Int)
    /// An ACK was sent; `distinct` counts the messages that were ACKed so far, each once.
    case acknowledged(MessagePair, distinct: Int)
    case skipped(MessagePair)
    /// A message reached its device.
    case receipt(ReceivedReceipt, on: AppServerConnectionID)
    /// The relay did not understand something that this app server sent.
    case refused(AppServerConnectionID, error: String, description: String)
}
