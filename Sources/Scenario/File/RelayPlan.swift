package import CloudMessaging

/// What the play changes of the relay's settings, as the flags of `serve` name them; nil: what is
/// built in.
package struct RelayPlan: Hashable, Sendable {
    package var retry = RetrySchedule()
    package var redelivery: RedeliveryMode?
    package var reconnectHoldback: Duration?
    package var maxUnacked: Int?
    package var maxConnections: Int?
    package var timeToLiveCap: Duration?
    package var keepalive: Duration?
    package var drainGrace: Duration?
    package var profile: WireProfile?
    /// Empty: any sender ID may log in with any key.
    package var projects: [Project] = []
    package var quirks: [QuirkChoice] = []

    package init() {}

    package struct Project: Hashable, Sendable {
        package let sender: SenderID
        package let apiKey: String

        package init(sender: SenderID, apiKey: String) {
            self.sender = sender
            self.apiKey = apiKey
        }
    }
}

/// `--redelivery`
package enum RedeliveryMode: String, Sendable, CaseIterable {
    case both, timer
    case onReconnect = "on-reconnect"
    case never
}

/// `--profile`
package enum WireProfile: String, Sendable, CaseIterable {
    case observed, docs
}

/// `--quirk NAME=VALUE`, both of them known.
package struct QuirkChoice: Hashable, Sendable {
    package let name: String
    package let value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
