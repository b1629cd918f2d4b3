import Hummingbird
package import Logging
import NIOCore
import NetworkRuntime
import RelayMachine
package import RelayService
import ServiceLifecycle

/// The relay's HTTP side: whether it lives, whether it serves, what it counts.
///
/// Plain HTTP, so that whoever waits for a relay needs no certificate.
package struct AdminServer: Service {
    private let application: Application<RouterResponder<BasicRequestContext>>

    /// - Parameters:
    ///   - port: 0: any free one; `onReady` gets the port that it is.
    ///   - allowedHosts: names that a request may address besides loopback.
    package init(
        relay: RelayService, host: String, port: Int, version: String, allowedHosts: [String],
        logger: Logger, onReady: @escaping @Sendable (Int) async -> Void
    ) {
        let router = Router()
        router.add(middleware: LocalRequestsOnly(allowedHosts: allowedHosts + [host]))
        Self.addRoutes(to: router, relay: relay, version: version)
        var logger = logger
        // Hummingbird's own life is no news to whoever runs a relay.
        logger.logLevel = .warning
        application = Application(
            router: router,
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { await onReady($0.localAddress?.port ?? port) },
            logger: logger)
    }

    package func run() async throws {
        try await application.run()
    }

    private static func addRoutes(
        to router: Router<BasicRequestContext>, relay: RelayService, version: String
    ) {
        router.get("livez") { _, _ in "ok\n" }
        router.get("readyz") { _, _ -> Response in
            let status = try await relay.status()
            guard let failure = status.storeFailure else { return Response(text: "ok\n") }
            return Response(
                status: .serviceUnavailable, text: "the store takes nothing: \(failure)\n")
        }
        router.get("version") { _, _ in
            Response(json: #"{"name":"gcm-relay","version":"\#(version)"}"#)
        }
        router.get("metrics") { _, _ in
            Response(
                text: Metrics.text(try await relay.status()),
                type: "text/plain; version=0.0.4; charset=utf-8")
        }
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
