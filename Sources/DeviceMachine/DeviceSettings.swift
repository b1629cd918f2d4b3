package import CloudMessaging

/// What may differ from device to device.
package struct DeviceSettings: Hashable, Sendable {
    /// Messages that one app may have pending; nil: no limit, as on iOS, whose documentation names
    /// none (the queue is then bounded only by times to live).
    package var pendingLimit: Int?
    /// Longest time to live, and the one of a message whose app names none, in seconds.
    package var timeToLiveCap: Int
    /// Messages that the relay took are told to their app when there are so many …
    package var sentBatch: Int
    /// … or when the first of them has waited so long.
    package var sentDelay: Duration
    /// Whether reserved keys are left out; otherwise they make a message one that is refused.
    package var stripsReservedKeys = false
    /// Whether messages that failed are told together with those that were sent.
    package var batchesErrors = false
    /// Waiting time after a failed connection.
    package var reconnect: RetrySchedule
    /// Waiting time before changes that the outbox could not store are repeated.
    package var outboxRetry: Duration
    /// How long a removal may wait for another change to ride with to the disk.
    package var removalDelay: Duration

    package init(
        pendingLimit: Int? = Limits.pendingPerApp,
        timeToLiveCap: Int = Limits.timeToLiveSeconds,
        sentBatch: Int = Limits.sentCallbackBatch, sentDelay: Duration = .seconds(1),
        reconnect: RetrySchedule = RetrySchedule(
            first: .milliseconds(500), factor: 2, longest: .seconds(30), jitter: 0.2),
        outboxRetry: Duration = .seconds(1), removalDelay: Duration = .milliseconds(50)
    ) {
        self.pendingLimit = pendingLimit
        self.timeToLiveCap = timeToLiveCap
        self.sentBatch = sentBatch
        self.sentDelay = sentDelay
        self.reconnect = reconnect
        self.outboxRetry = outboxRetry
        self.removalDelay = removalDelay
    }
}
