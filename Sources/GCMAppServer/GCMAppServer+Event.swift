import AppServerMachine
import CloudMessaging
import NetworkRuntime
internal import Nodes

extension GCMAppServer {
    /// What happens to an app server. Connections are numbered from 1, each attempt anew.
    ///
    /// More cases may come: let a `switch` have a `default`.
    public enum Event: Sendable {
        /// The connection is logged in: messages may come.
        case connected(connection: Int)
        /// A connection did not come up, for this reason; the next attempt comes after that time.
        case connectionFailed(connection: Int, reason: String, retryAfter: Duration)
        /// The relay refuses the sender ID with this API key: the app server ends.
        case loginRefused(reason: String)
        /// The relay will close this connection. Another takes its place at once; what came on this
        /// one is still to be ACKed.
        case draining(connection: Int)
        /// A connection that was logged in has ended.
        case disconnected(connection: Int, reason: String)
        /// A message came.
        case message(UpstreamMessage)
        /// The ACK of a delivery was sent. `distinct` counts the messages that were ACKed so far,
        /// each once.
        case acknowledged(from: String, messageID: String, distinct: Int)
        /// A delivery is left unanswered, as ``GCMAppServer/Acknowledgement`` says.
        case skipped(from: String, messageID: String)
        /// A message that this app server sent has reached its device; see
        /// ``GCMAppServer/receipts``.
        case receipt(DeliveryReceipt)
        /// The relay did not accept something that this app server sent.
        case rejected(connection: Int, error: String, description: String)
    }
}

extension GCMAppServer.Event {
    init(_ event: AppServerEvent, runtime: AppServerRuntime) {
        self =
            switch event {
            case .connected(let id):
                .connected(connection: id.rawValue)
            case .connectionFailed(let id, let reason, let retryAfter):
                .connectionFailed(
                    connection: id.rawValue, reason: reason, retryAfter: retryAfter)
            case .authenticationFailed(_, let reason):
                .loginRefused(reason: reason)
            case .draining(let id):
                .draining(connection: id.rawValue)
            case .disconnected(let id, let reason):
                .disconnected(connection: id.rawValue, reason: reason)
            case .upstream(let message, let id, let attempt):
                .message(.init(message, on: id, attempt: attempt, runtime: runtime))
            case .acknowledged(let pair, let distinct):
                .acknowledged(
                    from: pair.token.text, messageID: pair.id.text, distinct: distinct)
            case .skipped(let pair):
                .skipped(from: pair.token.text, messageID: pair.id.text)
            case .receipt(let receipt, let id):
                .receipt(.init(receipt, on: id))
            case .refused(let id, let error, let description):
                .rejected(connection: id.rawValue, error: error, description: description)
            }
    }
}
