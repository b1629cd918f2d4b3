package import Faults
package import RelayMachine
package import XMPPSessions

/// What may be set of a relay, besides the machine's own settings.
package struct RelayNodeSettings: Sendable {
    package var machine = RelaySettings()
    /// The form of the app-server stream.
    package var wire = WireQuirks()
    /// A blank goes to a peer that heard nothing for so long (protocol sheet §1.7).
    package var keepalive = Duration.seconds(60)
    /// How long a peer may take for its TLS handshake (protocol sheet §1.2); for whoever accepts
    /// connections.
    package var handshakeTimeout = Duration.seconds(10)
    /// How long a peer may take from there until it is bound; time in which it waits for the relay
    /// does not count.
    package var loginTimeout = Duration.seconds(10)
    /// In force from the beginning of the relay's first life, in this order; at most
    /// `Limits.faultRules`.
    package var faults: [FaultRule] = []
    /// Rules jitter, names and tokens.
    package var seed: UInt64

    package init(seed: UInt64) {
        self.seed = seed
    }

    /// How often idle connections are looked at.
    var sweepInterval: Duration { max(.nanoseconds(1), keepalive / 4) }

    /// Silence after which a sweep sends a blank: the next sweep would come too late.
    var keepaliveSilence: Duration { keepalive - sweepInterval }
}
