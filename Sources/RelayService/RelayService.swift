import CloudMessaging
import Invariants
package import Logging
import MessageStore
import NIOCore
package import NetworkRuntime
import Nodes
import RelayMachine
import SQLiteStore
import ServiceLifecycle
import TLSEngine

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// A whole relay: certificate, store, three ports. Can be started in any process, several times.
package final class RelayService: Service {
    /// The ports that it really listens on.
    package struct Ports: Sendable, Hashable {
        package let host: String
        package let xmpp: Int
        package let preprod: Int
        package let device: Int
    }

    package let ports: Ports
    /// The file that clients trust.
    package let authorityFile: String
    private let authority: CertificateAuthority

    /// For whoever looks into the relay.
    package let control: RelayControl

    private let runtime: RelayRuntime
    private let store: SQLiteStore?
    private let journalWriter: JournalWriter?

    /// Starts a relay; when this returns every port accepts connections.
    package init(
        _ configuration: RelayConfiguration, logger: Logger
    ) async throws(RelayStartError) {
        guard configuration.bind.isLocal || configuration.node.machine.projects != nil else {
            throw .openToAll(host: configuration.bind.primaryHost)
        }
        let (tls, authority) = try Self.openTrust(configuration)
        (authorityFile, self.authority) = (authority.certificateFile, authority.authority)
        let journalFile = try configuration.journalFile.map(Self.openJournal)
        let (store, snapshot) = try Self.openStore(configuration.store)
        self.store = store as? SQLiteStore
        do {
            runtime = try await RelayRuntime(
                settings: configuration.node, store: store, snapshot: snapshot, tls: tls,
                logger: logger, timeScale: configuration.timeScale,
                journalLimit: configuration.journalLimit > 0 ? configuration.journalLimit : nil,
                companion: configuration.companion,
                onViolation: Self.end(logger))
        } catch {
            throw .storeFailed("the relay cannot start: \(error)")
        }
        control = RelayControl(runtime: runtime, journalLimit: configuration.journalLimit)
        journalWriter = journalFile.map { [runtime] in
            JournalWriter(file: $0, runtime: runtime, logger: logger)
        }
        do throws(RelayStartError) {
            ports = try await Self.listen(runtime, configuration)
        } catch {
            try? await runtime.shutdown()
            self.store?.close()
            throw error
        }
        journalWriter?.start()
        if configuration.node.machine.projects == nil {
            logger.notice(
                "any sender ID with any key may log in: there is no --project",
                metadata: ["event": "relay.open"])
        }
        if configuration.timeScale > 1 {
            logger.notice(
                "the relay's time passes \(configuration.timeScale) times as fast as the clock's",
                metadata: ["event": "relay.time-scale"])
        }
        let faults = configuration.node.faults.count
        if faults > 0 {
            logger.notice(
                "misbehaves on purpose: \(faults) \(faults == 1 ? "fault is" : "faults are") in force",
                metadata: ["event": "relay.faults"])
        }
    }

    /// Serves until it is told to end.
    package func run() async throws {
        try await gracefulShutdown()
        try await shutdown()
    }

    /// What the relay has counted and is doing.
    package func status() async throws -> RelayStatus {
        try await runtime.status()
    }

    /// What clients in Java trust: the CA as a JKS file, with the password "changeit".
    package func javaTrustStore() throws -> [UInt8] {
        try authority.javaTrustStore(now: Int64(time(nil)))
    }

    /// Announces draining on every connection that is bound now.
    package func drainAll() async throws {
        try await runtime.drainAll()
    }

    /// Ends the relay: drains every connection, stores everything, gives the store free.
    package func shutdown() async throws {
        try await runtime.shutdown { [journalWriter] in await journalWriter?.finish() }
        store?.close()
    }

    /// A debug build watches what must hold, and ends with exit code 70 when it does not; a release
    /// build has no time for that.
    private static func end(_ logger: Logger) -> (@Sendable (Violation) -> Void)? {
        #if DEBUG
        return { violation in
            logger.critical(
                "a bug in this relay; what must hold does not: \(violation)",
                metadata: ["event": "invariant.broken"])
            // Whatever the logger does with it, whoever runs this sees it.
            let line = "gcm-relay: \(violation)\n"
            _ = line.withCString { write(STDERR_FILENO, $0, strlen($0)) }
            exit(70)
        }
        #else
        return nil
        #endif
    }

    // MARK: Starting

    private static func openTrust(
        _ configuration: RelayConfiguration
    ) throws(RelayStartError) -> (TLSContext, LocalAuthority) {
        do throws(TrustError) {
            let now = Int64(time(nil))
            let authority = try LocalAuthority(directory: configuration.trustDirectory, now: now)
            let identity = try configuration.certificate.identity(
                by: authority, names: configuration.names, now: now)
            return (try TLSContext(server: identity), authority)
        } catch {
            throw .trust(error)
        }
    }

    private static func openStore(
        _ store: RelayConfiguration.Store
    ) throws(RelayStartError) -> (any MessageStore, StoreSnapshot) {
        do {
            let opened: any MessageStore =
                switch store {
                case .memory: InMemoryStore()
                case .file(let path): try open(path)
                }
            return (opened, try opened.open())
        } catch let error as RelayStartError {
            throw error
        } catch {
            throw .storeFailed("\(error)")
        }
    }

    private static func openJournal(_ path: String) throws(RelayStartError) -> LineFile {
        do {
            return try LineFile(path: path)
        } catch {
            throw .journal(error)
        }
    }

    private static func open(_ path: String) throws(RelayStartError) -> SQLiteStore {
        do throws(StoreOpenError) {
            return try SQLiteStore(path: path)
        } catch {
            throw .store(error)
        }
    }

    private static func listen(
        _ runtime: RelayRuntime, _ configuration: RelayConfiguration
    ) async throws(RelayStartError) -> Ports {
        func listen(
            _ door: RelayNode.Door, _ port: Int, _ flag: String
        ) async throws(RelayStartError) -> Int {
            do {
                return try await runtime.listen(door, on: configuration.bind, port: port)
            } catch {
                throw .port(port, flag: flag, reason: PortProblem.reason(error, port: port))
            }
        }
        return Ports(
            host: configuration.bind.reachableHost,
            xmpp: try await listen(.appServers, configuration.port, "--port"),
            preprod: try await listen(.appServers, configuration.preprodPort, "--preprod-port"),
            device: try await listen(.devices, configuration.devicePort, "--device-port"))
    }
}

/// Says why a port is not to be had.
package enum PortProblem {
    package static func reason(_ error: any Error, port: Int) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        switch error.errnoCode {
        case EADDRINUSE: return PortHolder.description(ofPort: port) ?? "it is in use"
        case EACCES: return "this user may not listen on it"
        case EADDRNOTAVAIL: return "this machine does not have the address"
        default: return error.description
        }
    }
}
