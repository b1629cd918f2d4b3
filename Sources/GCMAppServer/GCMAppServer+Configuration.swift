import AppServerMachine

extension GCMAppServer {
    /// Where an app server logs in, as whom, and how it behaves there.
    public struct Configuration: Sendable {
        /// Host name or address of the relay; its certificate must be valid for it.
        public var host: String
        /// The relay's port for app servers.
        public var port: Int
        /// A PEM file with the CAs that may have signed the relay's certificate. No others are
        /// trusted, not even the system's.
        public var trustedCAFile: String
        /// The project number that devices send to.
        public var senderID: String
        /// The project's API key.
        public var apiKey: String
        /// Connections that are held at the same time, at least 1. The relay shares the messages
        /// out among them, and allows 100 un-ACKed ones on each.
        public var connections = 1
        /// Who ACKs messages, and when.
        public var acknowledgement = Acknowledgement.byApplication
        /// Pause after an attempt to connect that failed; it doubles from attempt to attempt, give
        /// or take a fifth.
        public var firstReconnectDelay = Duration.milliseconds(500)
        /// No pause between attempts is longer.
        public var longestReconnectDelay = Duration.seconds(30)
        /// How often a downstream message is sent that the relay refuses for the time being
        /// (`SERVICE_UNAVAILABLE`, `INTERNAL_SERVER_ERROR`), at least 1.
        public var tries = 3
        /// Pause before the second of these tries; it doubles from try to try, give or take a
        /// fifth.
        public var firstRetryDelay = Duration.seconds(1)
        /// No pause between tries is longer.
        public var longestRetryDelay = Duration.seconds(60)

        /// How long ``GCMAppServer/send(_:)`` waits for the relay's answer, the wait for a place on
        /// a connection and all tries included. It is counted from the start of ``GCMAppServer/run()``
        /// for a message that was handed over before.
        public var sendTimeout = Duration.seconds(30)

        /// Connects to `localhost` on the default port unless told otherwise.
        public init(
            host: String = "localhost", port: Int = 5235, trustedCAFile: String,
            senderID: String, apiKey: String
        ) {
            self.host = host
            self.port = port
            self.trustedCAFile = trustedCAFile
            self.senderID = senderID
            self.apiKey = apiKey
        }
    }

    /// Who ACKs messages, and when. A message without an ACK comes again.
    public enum Acknowledgement: Hashable, Sendable {
        /// The application, by ``UpstreamMessage/ack()``.
        case byApplication
        /// The library, every delivery at once.
        case always
        /// Nobody, ever.
        case never
        /// The library; it leaves so many deliveries of each message unanswered first.
        case skip(Int)
        /// The library, so long after a delivery, if the connection that carried it is still there.
        case after(Duration)
    }
}

extension Acknowledger {
    init(_ acknowledgement: GCMAppServer.Acknowledgement) {
        self =
            switch acknowledgement {
            case .byApplication: .application
            case .always: .policy(.always)
            case .never: .policy(.never)
            case .skip(let count): .policy(.skip(count))
            case .after(let delay): .policy(.after(delay))
            }
    }
}
