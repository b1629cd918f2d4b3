package import CloudMessaging

/// What a store holds, as far as the invariants ask.
package struct StoreContents {
    /// Whether an upstream message is stored.
    package let isStored: (MessageKey) -> Bool
    /// What became of a message that was deposited for a device.
    package let standing: (DownstreamMessage) -> DepositStanding

    package init(
        isStored: @escaping (MessageKey) -> Bool,
        standing: @escaping (DownstreamMessage) -> DepositStanding
    ) {
        self.isStored = isStored
        self.standing = standing
    }
}

/// What a store has of a message that was deposited.
package enum DepositStanding: Sendable {
    case stored
    /// Another took its place, the mailbox overflowed, or its app is gone.
    case displaced
    case missing
}
