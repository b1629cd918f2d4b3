import Foundation

/// Where the programs keep what outlives them: certificates, the relay's store, the device's state,
/// and a note of the last relay that was ready (contract: "TLS and trust", "Programs").
package struct StateDirectory: Sendable {
    package let path: String

    /// `$XDG_STATE_HOME/gcm-simulator`, or `~/.local/state/gcm-simulator`.
    package init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") {
            path = state + "/gcm-simulator"
        } else {
            path = (environment["HOME"] ?? NSHomeDirectory()) + "/.local/state/gcm-simulator"
        }
    }

    package init(path: String) {
        self.path = path
    }

    package var authorityFile: String { path + "/ca.pem" }
    package var storeFile: String { path + "/relay.db" }
    package var deviceFile: String { path + "/device.db" }
    /// The note of the last relay that was ready, in the form of `--ready-file`.
    package var readyNote: String { path + "/ready.json" }

    /// Makes the directory, readable by its owner only, unless it is there.
    package func create() throws(CommandFailure) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700])
        } catch {
            throw CommandFailure(
                .cannotCreate, "the state directory \(path) cannot be made: \(error)",
                remedy: "name another one with --state-dir")
        }
    }
}
