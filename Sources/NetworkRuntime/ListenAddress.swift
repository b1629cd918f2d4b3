import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Which addresses of this machine a port listens on.
package enum ListenAddress: Sendable, Hashable {
    /// 127.0.0.1 and ::1, on the same port.
    case loopback
    /// One address.
    case host(String)

    package init(_ text: String) {
        self = text == "loopback" ? .loopback : .host(text)
    }

    /// Whether other machines cannot reach it.
    package var isLocal: Bool {
        switch self {
        case .loopback: true
        case .host(let host): host == "localhost" || host == "::1" || host.hasPrefix("127.")
        }
    }

    /// The address that is bound first.
    package var primaryHost: String {
        switch self {
        case .loopback: "127.0.0.1"
        case .host(let host): host
        }
    }

    /// The address to tell others on this machine: a certificate is for no wildcard.
    package var reachableHost: String {
        switch primaryHost {
        case "0.0.0.0": "127.0.0.1"
        case "::": "::1"
        case let host: host
        }
    }

    /// How often a free port is tried when the other address family has it taken.
    private static let attempts = 8

    /// Binds a port on every address; port 0 finds one that is free on all of them.
    func bind(
        port: Int, _ bind: (_ host: String, _ port: Int) async throws -> any Channel
    ) async throws -> [any Channel] {
        guard case .loopback = self else { return [try await bind(primaryHost, port)] }
        var attempt = 1
        while true {
            let first = try await bind("127.0.0.1", port)
            do {
                let second = try await bind("::1", first.localAddress?.port ?? port)
                return [first, second]
            } catch let error as IOError where error.isMissingAddress {
                // A machine without IPv6.
                return [first]
            } catch {
                try? await first.close()
                guard port == 0, attempt < Self.attempts else { throw error }
                attempt += 1
            }
        }
    }
}

extension IOError {
    fileprivate var isMissingAddress: Bool {
        errnoCode == EADDRNOTAVAIL || errnoCode == EAFNOSUPPORT
    }
}
