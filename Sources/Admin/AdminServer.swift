import Hummingbird
package import Logging
import NIOCore
package import NetworkRuntime
import RelayMachine
package import RelayService
import ServiceLifecycle

/// The relay's HTTP side: whether it lives, whether it serves, what it counts.
///
/// Plain HTTP, so that whoever waits for a relay needs no certificate.
package struct AdminServer: Service {
    private let relay: RelayService
    private let address: ListenAddress
    private let port: Int
    private let version: String
    private let allowedHosts: [String]
    private let logger: Logger
    private let onReady: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - port: 0: any free one; `onReady` gets the port that it is.
    ///   - allowedHosts: names that a request may address besides loopback.
    package init(
        relay: RelayService, address: ListenAddress, port: Int, version: String,
        allowedHosts: [String], logger: Logger, onReady: @escaping @Sendable (Int) async -> Void
    ) {
        self.relay = relay
        self.address = address
        self.port = port
        self.version = version
        self.allowedHosts = allowedHosts
        self.onReady = onReady
        var logger = logger
        // Hummingbird's own life is no news to whoever runs a relay.
        logger.logLevel = .error
        self.logger = logger
    }

    /// Serves until it is told to end: on loopback, 127.0.0.1 first and ::1 on the same port.
    package func run() async throws {
        let (ready, readiness) = AsyncStream.makeStream(of: Int.self)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                // Also when it cannot be started: then nobody is ready.
                defer { readiness.finish() }
                try await application(host: address.primaryHost, port: port) { port in
                    readiness.yield(port)
                    readiness.finish()
                }.run()
            }
            for await port in ready {
                if address == .loopback {
                    tasks.addTask { await serveIPv6(port: port) }
                }
                await onReady(port)
            }
            try await tasks.waitForAll()
        }
    }

    /// A machine without IPv6, or with the port taken there, is served on 127.0.0.1 alone.
    private func serveIPv6(port: Int) async {
        do {
            try await application(host: "::1", port: port) { _ in }.run()
        } catch {
            logger.notice("HTTP is not served on [::1]:\(port): \(error)")
        }
    }

    private func application(
        host: String, port: Int, onServerRunning: @escaping @Sendable (Int) async -> Void
    ) -> some ApplicationProtocol {
        let router = Router()
        router.add(
            middleware: LocalRequestsOnly(allowedHosts: allowedHosts + [address.primaryHost]))
        Self.addRoutes(to: router, relay: relay, version: version)
        return Application(
            router: router,
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { await onServerRunning($0.localAddress?.port ?? port) },
            logger: logger)
    }

    private static func addRoutes(
        to router: Router<BasicRequestContext>, relay: RelayService, version: String
    ) {
        router.get("livez") { _, _ in "ok\n" }
        router.get("readyz") { _, _ -> Response in
            guard let reason = await whyNotReady(relay) else { return Response(text: "ok\n") }
            return Response(status: .serviceUnavailable, text: "\(reason)\n")
        }
        router.get("version") { _, _ in
            Response(json: #"{"name":"gcm-relay","version":"\#(version)"}"#)
        }
        router.get("metrics") { _, _ -> Response in
            guard let status = try? await relay.status() else {
                return Response(status: .serviceUnavailable, text: "the relay has ended\n")
            }
            return Response(
                text: Metrics.text(status), type: "text/plain; version=0.0.4; charset=utf-8")
        }
    }

    private static func whyNotReady(_ relay: RelayService) async -> String? {
        guard let status = try? await relay.status() else { return "the relay has ended" }
        if status.isEnding { return "the relay ends" }
        return status.storeFailure.map { "the store takes nothing: \($0)" }
    }
}

extension Response {
    init(
        status: HTTPResponse.Status = .ok, text: String,
        type: String = "text/plain; charset=utf-8"
    ) {
        self.init(
            status: status, headers: [.contentType: type],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    init(status: HTTPResponse.Status = .ok, json: String) {
        self.init(status: status, text: json + "\n", type: "application/json")
    }
}
