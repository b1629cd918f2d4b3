import AppServerMachine
import CloudMessaging

extension GCMAppServer {
    /// A message to a device, a group of devices, or the subscribers of topics.
    ///
    /// Values are not judged here but by the relay, which answers to what it cannot use.
    public struct DownstreamMessage: Sendable {
        /// Who gets it.
        public enum Target: Hashable, Sendable {
            /// The app with this registration token, or the device group with this notification
            /// key.
            case token(String)
            /// The subscribers of a topic, with or without `/topics/` before its name.
            case topic(String)
            /// The subscribers of a combination: `'news' in topics && 'sports' in topics`.
            case condition(String)
        }

        /// How urgent it is.
        public enum Priority: String, Hashable, Sendable, CaseIterable {
            /// When it suits the device.
            case normal
            /// At once, even if the device sleeps.
            case high
        }

        /// Who gets it.
        public var to: Target
        /// Its ID, 1…256 bytes of UTF-8, unique among the messages of the sender ID: answer and
        /// receipt name it. Nil: ``GCMAppServer/send(_:)`` makes one.
        public var messageID: String?
        /// Keys and values for the app.
        public var data: DownstreamData?
        /// What the system shows to the user, such as `title` and `body`.
        public var notification: [String: String] = [:]
        /// Of the messages with one key only the newest is kept for a device that is offline.
        public var collapseKey: String?
        /// How long it is kept for a device that is offline, in seconds; 0 is now or never. Nil:
        /// as long as the relay allows.
        public var timeToLive: Int?
        /// How urgent it is. Nil: as the relay thinks fit.
        public var priority: Priority?
        /// Whether the relay is to tell when it has reached its device; see
        /// ``GCMAppServer/receipts``.
        public var isDeliveryReceiptRequested = false
        /// Whether the relay is to judge it only, and not to deliver it.
        public var isDryRun = false
        /// Whether it wakes an app on iOS.
        public var isContentAvailable = false
        /// Whether an app extension on iOS may change it before it is shown.
        public var isContentMutable = false
        /// Whether it may wait until the device wakes by itself; without effect since 2016.
        public var isDelayedWhileIdle = false

        /// A message with data; everything else is set afterwards.
        public init(to target: Target, data: DownstreamData? = nil, messageID: String? = nil) {
            self.to = target
            self.data = data
            self.messageID = messageID
        }
    }

    /// The keys and values of a downstream message, in their order and with their very bytes.
    public struct DownstreamData: Hashable, Sendable, ExpressibleByDictionaryLiteral {
        let payload: DataPayload

        /// The pairs in the order given.
        public init(_ pairs: [(key: String, value: String)]) {
            payload = DataPayload(pairs)
        }

        /// The pairs of a dictionary, ordered by their keys.
        public init(_ dictionary: [String: String]) {
            self.init(dictionary.sortedPairs)
        }

        /// What a device has sent, byte by byte.
        public init(_ data: UpstreamData) {
            payload = DataPayload(json: data.json)
        }

        /// The pairs in the order in which they are written down.
        public init(dictionaryLiteral pairs: (String, String)...) {
            self.init(pairs.map { (key: $0.0, value: $0.1) })
        }

        /// The JSON object as it is sent, in UTF-8.
        public var json: [UInt8] { payload.json }
    }
}

extension OutgoingMessage {
    init(_ message: GCMAppServer.DownstreamMessage, id: MessageID) {
        let target: Target =
            switch message.to {
            case .token(let token): .to(token)
            case .topic(let name):
                .to(name.utf8.starts(with: "/topics/".utf8) ? name : "/topics/" + name)
            case .condition(let condition): .condition(condition)
            }
        self.init(to: target, id: id)
        data = message.data?.payload
        notification = message.notification.sortedPairs
        collapseKey = message.collapseKey
        timeToLive = message.timeToLive
        priority = message.priority.map { $0 == .high ? .high : .normal }
        wantsReceipt = message.isDeliveryReceiptRequested
        isDryRun = message.isDryRun
        isContentAvailable = message.isContentAvailable
        isContentMutable = message.isContentMutable
        isDelayedWhileIdle = message.isDelayedWhileIdle
    }
}

extension [String: String] {
    /// Always in the same order, that of the keys' bytes.
    fileprivate var sortedPairs: [(key: String, value: String)] {
        sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}
