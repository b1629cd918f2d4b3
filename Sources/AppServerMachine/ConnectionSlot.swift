import CloudMessaging

/// One of the places for connections that an app server keeps occupied while it runs.
struct ConnectionSlot: Sendable {
    enum State: Hashable, Sendable {
        /// The app server does not run.
        case vacant
        /// A connection is being opened or bound; one that drains has left its place.
        case occupied(AppServerConnectionID)
        /// The next attempt comes at this time.
        case waiting(until: Instant)
    }

    var state = State.vacant
    /// Attempts in a row that did not come up.
    private var failures = 0
    /// Connections in a row that were brief.
    private var briefConnections = 0

    /// A connection was bound.
    mutating func bound() {
        failures = 0
    }

    /// An attempt did not come up; gives the waiting time.
    mutating func attemptFailed(
        _ settings: AppServerSettings, _ entropy: inout Entropy
    ) -> Duration {
        failures += 1
        return settings.reconnect.delay(afterAttempt: failures, using: &entropy)
    }

    /// A connection that was bound ended or drains; gives the waiting time, nil: none.
    ///
    /// After a good login another attempt may follow at once (protocol sheet §1.8).
    mutating func connectionEnded(
        after life: Duration, _ settings: AppServerSettings, _ entropy: inout Entropy
    ) -> Duration? {
        guard life < settings.briefConnection else {
            briefConnections = 0
            return nil
        }
        briefConnections += 1
        guard briefConnections > 1 else { return nil }
        return settings.reconnect.delay(afterAttempt: briefConnections - 1, using: &entropy)
    }
}
