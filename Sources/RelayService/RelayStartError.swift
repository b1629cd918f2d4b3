package import MessageStore
package import TLSEngine

/// Why a relay did not start; nothing is left running.
package enum RelayStartError: Error, Sendable, CustomStringConvertible {
    /// A port is not to be had, and who holds it, if that can be seen.
    case port(Int, flag: String, reason: String)
    case store(StoreOpenError)
    case storeFailed(String)
    case trust(TrustError)
    /// The journal's file is not to be had.
    case journal(LineFileError)
    /// Open to other machines, and to anybody who claims a sender ID.
    case openToAll(host: String)

    package var description: String {
        switch self {
        case .port(let port, let flag, let reason):
            "port \(port) (\(flag)) is not available: \(reason)"
        case .store(let error): error.description
        case .storeFailed(let reason): reason
        case .trust(let error): error.description
        case .journal(let error): error.description
        case .openToAll(let host):
            "--bind \(host) opens the relay to other machines, and without --project any sender "
                + "ID with any key may log in"
        }
    }

    /// What to do about it.
    package var remedy: String? {
        switch self {
        case .port(_, let flag, _):
            "stop that program, or name another port with \(flag); 0 is any free one"
        case .openToAll: "add --project SENDER_ID:API_KEY, or bind to loopback"
        case .journal: "name another file with --journal"
        case .store, .storeFailed, .trust: nil
        }
    }
}
