import CloudMessaging

/// An ACK that the policy gives later.
struct DelayedAcknowledgement: Sendable {
    let due: Instant
    let pair: MessagePair
    let fingerprint: DataFingerprint
    let connection: AppServerConnectionID
}
