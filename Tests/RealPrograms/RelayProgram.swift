package import Foundation

/// `gcm-relay serve` as a process of its own, ready when it is there.
package final class RelayProgram: Sendable {
    package let program: RealProgram
    package let endpoints: Endpoints
    private let arguments: [String]
    private let environment: [String: String]

    /// Starts a relay whose store and certificates are in a directory, on any free ports, and waits
    /// until it is ready.
    package convenience init(
        in state: TemporaryDirectory, _ arguments: [String] = []
    ) async throws {
        try await self.init(["--state-dir", state.path] + arguments, environment: [:], ports: .any)
    }

    /// Starts a relay on any free ports, all else as the arguments and variables say.
    package convenience init(
        _ arguments: [String] = [], environment: [String: String]
    ) async throws {
        try await self.init(arguments, environment: environment, ports: .any)
    }

    private init(_ arguments: [String], environment: [String: String], ports: Ports) async throws {
        (self.arguments, self.environment) = (arguments, environment)
        program = try RealProgram(
            "gcm-relay", ["serve"] + arguments,
            environment: environment.merging(ports.variables) { given, _ in given })
        endpoints = try await program.first("the ready line") { Endpoints(readyLine: $0) }
    }

    /// A relay on the same ports, with the same store and settings, once this one has ended.
    package func restarted() async throws -> RelayProgram {
        try await RelayProgram(
            arguments, environment: environment,
            ports: Ports(
                xmpp: endpoints.xmpp, preprod: endpoints.preprod, device: endpoints.device,
                admin: endpoints.admin))
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

    /// Asks for the metrics again and again until one of them has a value: a settle counts once it
    /// is on disk, a moment after the ACK.
    package func metrics(
        once name: String, is value: Int, within limit: Duration = RealProgram.patience
    ) async throws -> [String: Int] {
        let deadline = ContinuousClock.now + limit
        while true {
            let metrics = try await metrics()
            if metrics[name] == value { return metrics }
            guard ContinuousClock.now < deadline else {
                throw program.failure("\(name) is not \(value) after \(limit): \(metrics)")
            }
        }
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

    /// Ports as variables: a flag among the arguments wins.
    private struct Ports {
        let xmpp, preprod, device, admin: Int

        /// Free ones, which the next life can have again.
        static var any: Ports {
            Ports(
                xmpp: LastingPort.pick(), preprod: LastingPort.pick(),
                device: LastingPort.pick(), admin: LastingPort.pick())
        }

        var variables: [String: String] {
            [
                "GCM_RELAY_SERVE_PORT": "\(xmpp)",
                "GCM_RELAY_SERVE_PREPROD_PORT": "\(preprod)",
                "GCM_RELAY_SERVE_DEVICE_PORT": "\(device)",
                "GCM_RELAY_SERVE_ADMIN_PORT": "\(admin)",
            ]
        }
    }
}
