import Hummingbird
package import Logging
import NIOCore
package import NetworkRuntime
import ServiceLifecycle

/// The relay's HTTP side (contract: "Admin HTTP"; docs/admin-api.yaml).
///
/// Plain HTTP, so that whoever waits for a relay needs no certificate.
package struct AdminServer: Service {
    private let context: AdminContext
    private let address: ListenAddress
    private let port: Int
    private let allowedHosts: [String]
    private let logger: Logger
    private let onReady: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - port: 0: any free one; `onReady` gets the port that it is.
    ///   - allowedHosts: names that a request may address besides loopback.
    package init(
        _ context: AdminContext, address: ListenAddress, port: Int, allowedHosts: [String],
        logger: Logger, onReady: @escaping @Sendable (Int) async -> Void
    ) {
        self.context = context
        self.address = address
        self.port = port
        self.allowedHosts = allowedHosts.map { $0.lowercased() }
        self.onReady = onReady
        var logger = logger
        // Hummingbird's own life is no news to whoever runs a relay.
        logger.logLevel = .error
        self.logger = logger
    }

    /// Serves until it is told to end: on loopback, 127.0.0.1 first and ::1 on the same port.
    package func run() async throws {
        do {
            try await serve()
        } catch {
            await context.residents.close()
            throw error
        }
        await context.residents.close()
    }

    private func serve() async throws {
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
        let responder = AdminResponder(
            context: context,
            guardian: LocalRequestsOnly(allowedHosts: allowedHosts + [address.primaryHost]),
            logger: logger)
        return Application(
            responder: responder,
            configuration: .init(address: .hostname(host, port: port), serverName: nil),
            onServerRunning: { await onServerRunning($0.localAddress?.port ?? port) },
            logger: logger)
    }
}
