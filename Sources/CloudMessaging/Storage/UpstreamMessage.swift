/// An upstream message as the relay keeps it: what the device sent, and what the relay put in.
///
/// Immutable, so it is shared by reference between queue, window and writer.
package final class UpstreamMessage: Hashable, Sendable {
    package let key: MessageKey
    /// The registration that sent it: gives `from` and `category`.
    package let origin: Registration
    package let id: MessageID
    package let data: DataPayload
    /// Seconds, as the device sent it and the app server is told; 0 is never stored.
    package let timeToLive: Int
    /// When the time to live ends.
    package let expiry: Instant
    package let kind: Kind

    /// What goes up to an app server.
    package enum Kind: Int, Hashable, Sendable {
        /// An app sent it.
        case message = 0
        /// A device has a message that the app server sent it (protocol sheet §3.5).
        case receipt = 1

        /// What the app server is told as `from`.
        package func source(_ origin: Registration) -> RegistrationToken {
            self == .receipt ? .receipts : origin.token
        }
    }

    package init(
        key: MessageKey, origin: Registration, id: MessageID, data: DataPayload,
        timeToLive: Int, expiry: Instant, kind: Kind = .message
    ) {
        self.key = key
        self.origin = origin
        self.id = id
        self.data = data
        self.timeToLive = timeToLive
        self.expiry = expiry
        self.kind = kind
    }

    /// What an app server's ACK names.
    package var pair: MessagePair { MessagePair(token: kind.source(origin), id: id) }

    package static func == (left: UpstreamMessage, right: UpstreamMessage) -> Bool {
        left === right
            || left.key == right.key && left.origin == right.origin && left.id == right.id
                && left.data == right.data && left.timeToLive == right.timeToLive
                && left.expiry == right.expiry && left.kind == right.kind
    }

    package func hash(into hasher: inout Hasher) {
        key.hash(into: &hasher)
    }
}

/// The pair that names an upstream message between relay and app server (protocol sheet §2.8).
package struct MessagePair: Hashable, Sendable {
    package let token: RegistrationToken
    package let id: MessageID

    package init(token: RegistrationToken, id: MessageID) {
        self.token = token
        self.id = id
    }

    /// The relay makes tokens at random: the end of one tells them apart as well as all of it.
    package func hash(into hasher: inout Hasher) {
        id.hash(into: &hasher)
        token.text.hashLast(Self.hashedTokenBytes, into: &hasher)
    }

    private static let hashedTokenBytes = 16
}
