import ArgumentParser
import Command
import Foundation
import RelayService
import TLSEngine

/// Whose CA it is about.
struct TrustOptions: ParsableArguments {
    @Option(
        help: """
            Directory for certificates and state. (default: $XDG_STATE_HOME/gcm-simulator)
            """)
    var stateDir: String?

    /// Runs `work` with the CA, made if there is none, and the time in Unix seconds.
    func withAuthority(
        _ work: (LocalAuthority, Int64) throws -> Void
    ) async throws {
        try await Program.run {
            let state = stateDir.map { StateDirectory(path: $0) } ?? StateDirectory()
            let now = Int64(Date().timeIntervalSince1970)
            do {
                try work(try LocalAuthority(directory: state.path, now: now), now)
            } catch let error as TrustError {
                throw CommandFailure(RelayStartError.trust(error))
            }
            return .done
        }
    }
}
