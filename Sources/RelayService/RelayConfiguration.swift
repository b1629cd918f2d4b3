import CloudMessaging
package import NetworkRuntime
package import Nodes

/// Everything that a relay needs to start.
package struct RelayConfiguration: Sendable {
    /// Where its messages, devices and registrations last.
    package enum Store: Sendable, Hashable {
        case file(String)
        /// Gone with the process.
        case memory
    }

    package var bind = ListenAddress.loopback
    /// 0: any free port.
    package var port = 5_235
    package var preprodPort = 5_236
    package var devicePort = 5_228
    package var store: Store
    /// Holds the CA and the relay's certificate.
    package var trustDirectory: String
    /// Names for the certificate beyond localhost and Google's.
    package var names: [String] = []
    /// Events that the journal keeps; 0: there is none.
    package var journalLimit = Limits.journalEvents
    /// Where the journal is also written, line by line; nil: nowhere.
    package var journalFile: String?
    package var certificate = ServedCertificate.good
    /// How many times as fast as real time the relay's clock runs, from the start; at most
    /// `Limits.timeScale`. Handshakes, logins and sockets keep to real time.
    package var timeScale = 1
    /// Makes who lives on the relay's event loop beside it; nil: nobody does.
    package var companion: RelayRuntime.CompanionMaker?
    package var node: RelayNodeSettings

    package init(store: Store, trustDirectory: String, seed: UInt64) {
        self.store = store
        self.trustDirectory = trustDirectory
        node = RelayNodeSettings(seed: seed)
    }
}
