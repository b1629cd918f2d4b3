import Admin
import ArgumentParser
import Command
import Foundation
import Logging
import MessageStore
import NetworkRuntime
import RelayService
import ServiceLifecycle

/// `gcm-relay serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a relay until it is told to end.",
        discussion: """
            Every flag can also be set by a variable (GCM_RELAY_SERVE_PORT for --port) or in the \
            file that --config names; the flag wins, then the variable, then the file.
            """)

    @OptionGroup var options: ServeOptions

    func run() async throws {
        try await Program.run {
            try await serve()
        }
    }

    private func serve() async throws -> ExitStatus {
        let resolved = try ResolvedSettings(options)
        try resolved.check()
        let settings = resolved.settings
        try settings.state.create()
        let logger = settings.logFormat.logger(role: "relay", level: settings.logLevel)
        let relay: RelayService
        do {
            relay = try await RelayService(settings.configuration, logger: logger)
        } catch {
            throw CommandFailure(error)
        }
        let announcement = Announcement(relay: relay, settings: settings)
        let stop = StopService()
        let admin = AdminServer(
            AdminContext(
                relay: relay, version: Version.current, settings: resolved.shownToAdmin,
                stop: { stop.request() }),
            address: settings.adminBind, port: settings.adminPort,
            allowedHosts: settings.adminAllowedHosts, logger: logger
        ) { port in
            announcement.make(adminPort: port)
        }
        defer { announcement.withdraw() }
        do {
            return try await SignalledServices.run([stop, admin, relay], logger: logger)
        } catch {
            throw CommandFailure(
                .unavailable,
                "port \(settings.adminPort) (--admin-port) is not available: "
                    + PortProblem.reason(error, port: settings.adminPort),
                remedy: "stop that program, or name another port with --admin-port; 0 is any "
                    + "free one")
        }
    }
}

/// Lasts until somebody asks the relay to stop; its end is that of all services.
private struct StopService: Service {
    private let requests: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (requests, continuation) = AsyncStream.makeStream()
    }

    func request() { continuation.finish() }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in requests {}
        }
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

/// Tells the world that the relay is ready, and takes it back at the end.
private struct Announcement: Sendable {
    let relay: RelayService
    let settings: ServeSettings

    private var files: [String] {
        [settings.state.readyNote, settings.readyFile].compactMap(\.self)
    }

    func make(adminPort: Int) {
        let host = relay.ports.host
        let note = ReadyNote(
            xmpp: .init(host: host, port: relay.ports.xmpp),
            preprod: .init(host: host, port: relay.ports.preprod),
            device: .init(host: host, port: relay.ports.device),
            admin: "http://\(settings.adminBind.primaryHost):\(adminPort)",
            ca: relay.authorityFile, pid: getpid(), version: Version.current)
        do {
            for file in files { try note.write(to: file) }
        } catch {
            Talk.say(error)
        }
        FileHandle.standardOutput.write(Data((note.line + "\n").utf8))
    }

    func withdraw() {
        for file in files { ReadyNote.withdraw(from: file, of: getpid()) }
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
