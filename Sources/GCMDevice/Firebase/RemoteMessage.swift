internal import CloudMessaging

/// A message as an app with the Firebase library sends and receives it.
public struct RemoteMessage: Sendable {
    /// Whom it is for: an app server (`SENDER_ID@fcm.googleapis.com`), or a notification key.
    public let to: String?
    /// Who sent it, of a message that was received: the sender ID.
    public let from: String?
    /// 1…256 UTF-8 bytes.
    public let messageID: String?
    /// Of messages with the same key the newest replaces the others while they wait.
    public let collapseKey: String?
    /// `setMessageType`; not transmitted.
    public let messageType: String?
    /// Seconds.
    public let ttl: Int
    /// The message's own pairs.
    public let data: GCMBundle
    /// What is to be shown, of a message that was received.
    public let notification: GCMBundle?

    /// The longest time to live, in seconds.
    public static let longestTTL = 86_400

    fileprivate init(_ builder: Builder) {
        to = builder.to
        from = nil
        messageID = builder.messageID
        collapseKey = builder.collapseKey
        messageType = builder.messageType
        ttl = builder.ttl
        data = builder.data
        notification = nil
    }

    init(_ message: DeliveredMessage) {
        to = nil
        from = message.from
        messageID = message.id.text
        collapseKey = message.collapseKey
        messageType = nil
        ttl = 0
        data = GCMBundle(message.data)
        notification = message.notification.map { GCMBundle($0) }
    }

    /// Makes a message to be sent.
    public struct Builder: Sendable {
        fileprivate let to: String
        fileprivate var messageID: String?
        fileprivate var messageType: String?
        fileprivate var collapseKey: String?
        fileprivate var ttl = RemoteMessage.longestTTL
        fileprivate var data = GCMBundle()

        /// - Parameter to: `SENDER_ID@fcm.googleapis.com`, or the notification key of a group that
        ///   the app is in: then the other members get it.
        /// - Throws: `illegalArgument` when it is empty.
        public init(_ to: String) throws(GoogleCloudMessagingError) {
            guard !to.isEmpty else {
                throw GoogleCloudMessagingError(.illegalArgument, "Invalid to: \(to)")
            }
            self.to = to
        }

        /// Names the message; it should be unique per sender ID.
        public consuming func setMessageId(_ messageID: String) -> Builder {
            self.messageID = messageID
            return self
        }

        /// Kept, and not transmitted.
        public consuming func setMessageType(_ messageType: String?) -> Builder {
            self.messageType = messageType
            return self
        }

        /// Kept, and not transmitted: upstream messages do not collapse in the relay.
        public consuming func setCollapseKey(_ collapseKey: String?) -> Builder {
            self.collapseKey = collapseKey
            return self
        }

        /// Seconds; 0: now or never.
        ///
        /// - Throws: `illegalArgument` outside 0…86,400.
        public consuming func setTtl(_ ttl: Int) throws(GoogleCloudMessagingError) -> Builder {
            guard (0...RemoteMessage.longestTTL).contains(ttl) else {
                throw GoogleCloudMessagingError(
                    .illegalArgument,
                    "TTL must be in the range of [0, \(RemoteMessage.longestTTL)]")
            }
            self.ttl = ttl
            return self
        }

        /// Puts one pair into the data.
        public consuming func addData(_ key: String, _ value: String) -> Builder {
            data.putString(key, value)
            return self
        }

        /// Puts these pairs in place of all that there are.
        public consuming func setData(_ data: GCMBundle) -> Builder {
            self.data = data
            return self
        }

        /// Removes all pairs.
        public consuming func clearData() -> Builder {
            data = GCMBundle()
            return self
        }

        /// The message.
        public func build() -> RemoteMessage { RemoteMessage(self) }
    }
}
