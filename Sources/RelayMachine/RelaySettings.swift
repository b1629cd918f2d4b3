package import CloudMessaging

/// What may be set of the relay's behaviour; the defaults are those of the contract.
package struct RelaySettings: Hashable, Sendable {
    /// What makes the relay send an un-ACKed message again.
    package var redelivery = Redelivery.both
    /// How long it waits for an ACK.
    package var retry = RetrySchedule()
    /// How long messages that waited for a sender still wait after it connected, while fresh ones
    /// are sent at once: three minutes were seen of the real service (protocol sheet §2.4).
    package var reconnectHoldback = Duration.zero
    /// Un-ACKed messages on one connection.
    package var maxUnacked = Limits.unackedPerConnection
    /// Requests of one connection that wait for their answer.
    package var maxUnansweredRequests = Limits.unansweredRequests
    /// Simultaneous connections of one sender.
    package var maxConnections = Limits.connectionsPerSender
    /// Longest time to live in seconds.
    package var timeToLiveCap = Limits.timeToLiveSeconds
    /// How long a draining connection may take for its ACKs.
    package var drainGrace = Duration.seconds(30)
    /// Keys of the senders that may log in; nil: any sender with any key.
    package var projects: [SenderID: String]?
    /// What the relay does where the sources of the protocol disagree.
    package var quirks = RelayQuirks()
    /// Whether every step of every message is told (`MessageNote`).
    package var tellsMessages = false

    package init() {}
}

/// When a message without an ACK is sent again (design decision 11).
package enum Redelivery: String, Sendable, CaseIterable {
    /// After its delay, and at once when its connection is lost.
    case both
    /// Only after its delay.
    case timer
    /// Only when the sender connects anew.
    case onReconnect = "on-reconnect"
    /// Not at all: lost with its connection, it is discarded.
    case never

    /// Whether a live connection gets the message again when its delay is over.
    var retriesOnTimer: Bool { self == .both || self == .timer }
}
