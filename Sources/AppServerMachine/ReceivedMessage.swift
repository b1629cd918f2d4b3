package import CloudMessaging

/// An upstream message as an app server reads it from its stream (protocol sheet §2.1).
package struct ReceivedMessage: Hashable, Sendable {
    /// What the ACK will name: the token in `from`, and the app's `message_id`.
    package let pair: MessagePair
    /// Which app sent it, whatever the relay calls it; nil when it did not say.
    package let category: String?
    /// `{}` when the relay sent none.
    package let data: DataPayload
    /// Seconds; real traffic has it although the documentation does not.
    package let timeToLive: Int?

    package init(_ pair: MessagePair, category: String?, data: DataPayload, timeToLive: Int?) {
        self.pair = pair
        self.category = category
        self.data = data
        self.timeToLive = timeToLive
    }

    /// Compares the category by its bytes, as everything else is.
    package static func == (left: ReceivedMessage, right: ReceivedMessage) -> Bool {
        left.pair == right.pair && left.data == right.data && left.timeToLive == right.timeToLive
            && left.category.map { Array($0.utf8) } == right.category.map { Array($0.utf8) }
    }

    /// The pair is enough: equal messages have equal pairs.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(pair)
    }
}
