import Foundation

/// Where a device or an app server finds its relay when nobody says (contract: "Programs"): the
/// variables that `gcm-relay exec` sets, then the last ready relay noted in the state directory,
/// then localhost with the default port and the CA in the state directory.
package struct RelayLocation: Sendable, Equatable {
    package let address: HostPort
    package let authorityFile: String

    /// Which of a relay's ports is wanted.
    package enum Door: Sendable {
        case appServers
        case devices
    }

    package init(
        door: Door, relay: HostPort?, authorityFile: String?, state: StateDirectory,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        let note = ReadyNote.read(from: state.readyNote).flatMap { $0.isCurrent ? $0 : nil }
        address =
            relay ?? Self.address(door, environment) ?? note.map { Self.address(door, $0) }
            ?? HostPort(host: "localhost", port: door == .devices ? 5228 : 5235)
        self.authorityFile =
            authorityFile ?? environment["GCM_RELAY_CA_FILE"] ?? note?.ca ?? state.authorityFile
    }

    private static func address(_ door: Door, _ environment: [String: String]) -> HostPort? {
        let variable = door == .devices ? "GCM_RELAY_DEVICE_PORT" : "GCM_RELAY_PORT"
        guard let host = environment["GCM_RELAY_HOST"],
            let port = environment[variable].flatMap({ Int($0) })
        else { return nil }
        return HostPort(host: host, port: port)
    }

    private static func address(_ door: Door, _ note: ReadyNote) -> HostPort {
        let endpoint = door == .devices ? note.device : note.xmpp
        return HostPort(host: endpoint.host, port: endpoint.port)
    }
}
