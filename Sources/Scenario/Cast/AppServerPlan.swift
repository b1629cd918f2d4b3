package import CloudMessaging

/// An app server that the driver plays.
package struct AppServerPlan: Hashable, Sendable {
    package var sender: SenderID
    package var apiKey = AppServerPlan.defaultAPIKey
    package var ack = AckHabit.atOnce
    /// That it holds at the same time.
    package var connections = 1
    package var reconnect = Reconnect.asBuiltIn
    /// Whether it sends what it got back to the device.
    package var echoes = false

    /// As `gcm-appserver --api-key` has it.
    package static let defaultAPIKey = "demo-key"

    package init(sender: SenderID) {
        self.sender = sender
    }
}

/// What an app server ACKs by itself; steps may ACK besides.
package enum AckHabit: Hashable, Sendable {
    /// Every delivery, at once.
    case atOnce
    case never
    /// The first so many deliveries of each message are left unanswered, the next ACKed at once.
    case skip(Int)
    /// Every delivery, so long after it came, on the connection that carried it.
    case after(Duration)
}

/// What an app server does about a lost connection.
package enum Reconnect: Hashable, Sendable {
    /// As `gcm-appserver` does: at once after a login that was good, with back-off otherwise.
    case asBuiltIn
    case never
    case after(Duration)
}

/// The app server under test.
package struct ExternalPlan: Hashable, Sendable {
    package var sender: SenderID
    package var apiKey = AppServerPlan.defaultAPIKey

    package init(sender: SenderID) {
        self.sender = sender
    }
}

extension CastMember.Role {
    /// Whose queue an app server reads; nil for a device.
    package var sender: SenderID? {
        switch self {
        case .device: nil
        case .appServer(let plan): plan.sender
        case .external(let plan): plan.sender
        }
    }
}
