package import Foundation

/// `gcm-relay serve` as a process of its own, ready when it is there.
package final class RelayProgram: Sendable {
    package let program: RealProgram
    package let endpoints: Endpoints
    private let arguments: [String]

    /// Starts a relay whose store and certificates are in a directory, on any free ports, and waits
    /// until it is ready.
    package convenience init(
        in state: TemporaryDirectory, _ arguments: [String] = []
    ) async throws {
        try await self.init(
            ["--state-dir", state.path] + arguments, ports: .init(0, 0, 0, 0))
    }

    private init(_ arguments: [String], ports: Ports) async throws {
        self.arguments = arguments
        program = try RealProgram("gcm-relay", ["serve"] + ports.arguments + arguments)
        endpoints = try await program.first("the ready line") { Endpoints(readyLine: $0) }
    }

    /// A relay on the same ports, with the same store and settings, once this one has ended.
    package func restarted() async throws -> RelayProgram {
        try await RelayProgram(
            arguments,
            ports: Ports(
                endpoints.xmpp, endpoints.preprod, endpoints.device, endpoints.admin))
    }

    /// `kill -9`, and waits until it is gone.
    package func kill9() async throws {
        try await program.kill9()
    }

    /// Its counters and gauges by their names without `gcm_relay_` and `_total`.
    package func metrics() async throws -> [String: Int] {
        let text = try await LocalHTTP.get("/metrics", port: endpoints.admin).body
        var metrics: [String: Int] = [:]
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let words = line.split(separator: " ")
            guard words.count == 2, let value = Int(words[1]) else { continue }
            var name = words[0]
            if name.hasPrefix("gcm_relay_") { name.removeFirst("gcm_relay_".count) }
            if name.hasSuffix("_total") { name.removeLast("_total".count) }
            metrics[String(name)] = value
        }
        return metrics
    }
}

extension RelayProgram {
    /// Where a relay listens, as its ready line says.
    package struct Endpoints: Sendable, Equatable {
        package let host: String
        package let xmpp: Int
        package let preprod: Int
        package let device: Int
        package let admin: Int
        package let ca: String
        package let pid: pid_t

        /// Nil: the line is no ready line in the contract's form.
        package init?(readyLine: String) {
            let form =
                /READY gcm-relay xmpp=(\S+):(\d+) preprod=\S+:(\d+) device=\S+:(\d+) admin=http:\/\/\S+:(\d+) ca=(.+) pid=(\d+)/
            guard let match = readyLine.wholeMatch(of: form)?.output,
                let xmpp = Int(match.2), let preprod = Int(match.3), let device = Int(match.4),
                let admin = Int(match.5), let pid = pid_t(match.7)
            else { return nil }
            self.host = String(match.1)
            self.xmpp = xmpp
            self.preprod = preprod
            self.device = device
            self.admin = admin
            self.ca = String(match.6)
            self.pid = pid
        }
    }

    private struct Ports {
        let arguments: [String]

        init(_ xmpp: Int, _ preprod: Int, _ device: Int, _ admin: Int) {
            arguments = [
                "--port", "\(xmpp)", "--preprod-port", "\(preprod)", "--device-port", "\(device)",
                "--admin-port", "\(admin)",
            ]
        }
    }
}
