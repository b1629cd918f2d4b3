import Admin
import Command
import Foundation
import Logging
import MessageStore
import NetworkRuntime
import Nodes
import RelayService
import ServiceLifecycle

/// A relay and its HTTP side as the settings want them: what `serve` and `exec` run.
struct RelayServer: Sendable {
    let settings: ServeSettings
    let logger: Logger
    let relay: RelayService
    /// Rules all its randomness.
    let seed: UInt64
    private let shown: [AdminContext.Setting]

    /// Starts the relay: its three ports accept connections.
    ///
    /// - Parameter companion: makes who lives beside it; nil: nobody does.
    init(
        _ resolved: ResolvedSettings, companion: RelayRuntime.CompanionMaker? = nil
    ) async throws {
        try resolved.check()
        settings = resolved.settings
        shown = resolved.shownToAdmin
        var configuration = try settings.configuration()
        configuration.companion = companion
        seed = configuration.node.seed
        try settings.state.create()
        logger = settings.logFormat.logger(role: "relay", level: settings.logLevel)
        do {
            relay = try await RelayService(configuration, logger: logger)
        } catch {
            throw CommandFailure(error)
        }
    }

    /// All that has to run.
    ///
    /// - Parameters:
    ///   - stop: ends it all when somebody asks for that over HTTP; nil: that is refused.
    ///   - onReady: hears where everything is, once HTTP is served, too.
    func services(
        stop: StopService? = nil, onReady: @escaping @Sendable (ReadyNote) async -> Void
    ) -> [any Service] {
        var end: (@Sendable () -> Void)?
        if let stop { end = { stop.request() } }
        let admin = AdminServer(
            AdminContext(
                relay: relay, version: Version.current, settings: shown,
                stop: end),
            address: settings.adminBind, port: settings.adminPort,
            allowedHosts: settings.adminAllowedHosts, logger: logger
        ) { port in
            await onReady(readyNote(adminPort: port))
        }
        let services: [any Service] = [admin, relay]
        return stop.map { [$0] + services } ?? services
    }

    /// Serves while `work` is done, then ends.
    ///
    /// - Parameter work: begins when everything is there.
    func run<Result: Sendable>(
        while work: @Sendable (ReadyNote) async throws -> Result
    ) async throws -> Result {
        let (notes, ready) = AsyncThrowingStream.makeStream(of: ReadyNote.self)
        let group = SignalledServices.group(services { ready.yield($0) }, logger: logger)
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                do {
                    try await group.run()
                    ready.finish()
                } catch {
                    ready.finish(throwing: failure(error))
                }
            }
            var isReady = notes.makeAsyncIterator()
            guard let note = try await isReady.next() else { throw CancellationError() }
            let result = try await work(note)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return result
        }
    }

    /// What it means when the services did not run to their end.
    func failure(_ error: any Error) -> CommandFailure {
        CommandFailure(
            .unavailable,
            "port \(settings.adminPort) (--admin-port) is not available: "
                + PortProblem.reason(error, port: settings.adminPort),
            remedy: "stop that program, or name another port with --admin-port; 0 is any free one")
    }

    private func readyNote(adminPort: Int) -> ReadyNote {
        let host = relay.ports.host
        return ReadyNote(
            xmpp: .init(host: host, port: relay.ports.xmpp),
            preprod: .init(host: host, port: relay.ports.preprod),
            device: .init(host: host, port: relay.ports.device),
            admin: "http://\(settings.adminBind.reachableHost):\(adminPort)",
            ca: relay.authorityFile, pid: getpid(), version: Version.current)
    }
}

extension CommandFailure {
    /// What a relay that did not start is called outside.
    init(_ error: RelayStartError) {
        let status: ExitStatus =
            switch error {
            case .port: .unavailable
            case .store(let error) where error.reason == .inUse: .unavailable
            case .store(let error) where error.reason == .notWritable: .ioError
            case .store, .storeFailed, .trust, .journal: .cannotCreate
            case .openToAll: .badSettings
            }
        self.init(status, error.description, remedy: error.remedy)
    }
}

extension ResolvedSettings {
    /// Without secrets.
    fileprivate var shownToAdmin: [AdminContext.Setting] {
        zip(ServeSetting.all, origins).map { entry, origin in
            AdminContext.Setting(
                name: entry.setting.name, values: entry.setting.values(in: settings),
                origin: "\(origin)")
        }
    }
}
