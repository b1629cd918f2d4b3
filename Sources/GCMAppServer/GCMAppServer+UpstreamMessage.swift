import AppServerMachine
import CloudMessaging
import NetworkRuntime
import Synchronization

extension GCMAppServer {
    /// One delivery of a message that an app on a device sent.
    ///
    /// The same message may be delivered again, with the same bytes: when its ACK did not come in
    /// time, or was lost with its connection. ``from`` and ``messageID`` together name it; apps are
    /// asked to make IDs unique, and often do not.
    public struct UpstreamMessage: Sendable {
        /// The registration token of the app instance that sent it; set by the relay.
        public let from: String
        /// The ID that the app gave it.
        public let messageID: String
        /// Which app sent it, such as `com.example.app`; set by the relay. Nil when the relay did
        /// not say.
        public let category: String?
        /// The keys and values that the app sent.
        public let data: UpstreamData
        /// How long the app wanted it kept for this server, in seconds. Nil when the relay did not
        /// say.
        public let timeToLive: Int?
        /// Counts from 1 how often this app server has seen the pair of ``from`` and ``messageID``.
        public let attempt: Int
        /// The connection that it came on; see ``GCMAppServer/Event``.
        public let connection: Int

        private let delivery: Delivery

        init(
            _ message: ReceivedMessage, on connection: AppServerConnectionID, attempt: Int,
            runtime: AppServerRuntime
        ) {
            from = message.pair.token.text
            messageID = message.pair.id.text
            category = message.category
            data = UpstreamData(message.data)
            timeToLive = message.timeToLive
            self.attempt = attempt
            self.connection = connection.rawValue
            delivery = Delivery(runtime: runtime, pair: message.pair, connection: connection)
        }

        /// Tells the relay that this server has taken responsibility for the message, so that it
        /// does not come again.
        ///
        /// The ACK goes out on the connection that the message came on, as no other would do. If
        /// that connection has ended meanwhile, the ACK is dropped: the relay delivers the message
        /// again, and that delivery is to be ACKed. To ACK once more does nothing. Nor does it when
        /// the library ACKs, see ``GCMAppServer/Acknowledgement``.
        ///
        /// Returns at once; messages may be ACKed in any order and on any thread.
        public func ack() {
            delivery.ack()
        }
    }
}

/// What an ACK needs to know, and whether it was given; shared by all copies of a message.
private final class Delivery: Sendable {
    private let runtime: AppServerRuntime
    private let pair: MessagePair
    private let connection: AppServerConnectionID
    private let isAcknowledged = Atomic(false)

    init(runtime: AppServerRuntime, pair: MessagePair, connection: AppServerConnectionID) {
        self.runtime = runtime
        self.pair = pair
        self.connection = connection
    }

    func ack() {
        guard !isAcknowledged.exchange(true, ordering: .relaxed) else { return }
        runtime.acknowledge(pair, on: connection)
    }
}
