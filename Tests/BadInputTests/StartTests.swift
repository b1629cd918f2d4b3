import CloudMessaging
import DeviceOutbox
import Foundation
import GCMAppServer
import GRDB
import Logging
import MessageStore
import NIOCore
import NIOPosix
import NetworkRuntime
import RealPrograms
import RelayService
import SQLiteStore
import TLSEngine
import Testing

/// What a relay and its clients cannot start with.
struct StartTests {
    private let directory: TemporaryDirectory
    private var storeFile: String { directory.file("relay.db") }

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Why a relay does not start; nil: it does.
    private func refusal(
        _ change: (inout RelayConfiguration) -> Void
    ) async throws -> RelayStartError? {
        var configuration = TestRelay.configuration(directory)
        change(&configuration)
        let relay: RelayService
        do throws(RelayStartError) {
            relay = try await RelayService(
                configuration, logger: TestRelay.logger(Diary<LogLine>()))
        } catch {
            return error
        }
        try await relay.shutdown()
        return nil
    }

    private func storeRefusal(_ path: String) async throws -> StoreOpenError? {
        guard case .store(let error) = try await refusal({ $0.store = .file(path) })
        else { return nil }
        return error
    }

    // MARK: Ports

    @Test("A port that is taken is named, with its flag and who holds it; nothing is left running")
    func portTaken() async throws {
        let holder = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = try #require(holder.localAddress?.port)
        let error = try #require(try await refusal { $0.devicePort = port })
        let pid = ProcessInfo.processInfo.processIdentifier
        #expect(
            error.description.hasPrefix("port \(port) (--device-port) is not available: held by"))
        #expect(error.description.contains("(pid \(pid))"))
        #expect(error.remedy?.contains("name another port with --device-port") == true)
        try await holder.close()
        // The store was not kept; another test may have the port by now.
        #expect(try await refusal { _ in } == nil)
    }

    // MARK: Trust

    @Test("A CA file that is missing or garbage stops our clients, who name it")
    func authorityFile() throws {
        let missing = directory.file("missing.pem")
        let garbage = directory.file("garbage.pem")
        try Data("shopping list: milk, bread\n".utf8).write(to: URL(fileURLWithPath: garbage))
        for (path, code, words) in [
            (missing, GCMAppServerError.Code.missingTrust, "\(missing) does not exist"),
            (garbage, .unusableTrust, "\(garbage) is not a PEM file"),
        ] {
            let error = #expect(throws: GCMAppServerError.self) {
                try GCMAppServer(
                    GCMAppServer.Configuration(
                        trustedCAFile: path, senderID: "4711", apiKey: "key"))
            }
            #expect(error?.code == code)
            #expect(error?.description.contains(words) == true)
            // What the device library asks.
            let trust = #expect(throws: TrustError.self) { try TLSContext(clientTrusting: path) }
            #expect(trust?.description.contains(words) == true)
        }
    }

    // MARK: Store

    @Test("A place where no store can be made is told")
    func notWritable() async throws {
        // A file system where even the superuser makes no files.
        let error = try #require(try await storeRefusal("/proc/relay.db"))
        #expect(error.reason == .notWritable)
        #expect(error.description.contains("/proc/relay.db cannot be written: check who owns"))
    }

    @Test("A directory that does not exist is told")
    func directoryMissing() async throws {
        let error = try #require(try await storeRefusal(directory.file("missing/relay.db")))
        #expect(error.reason == .directoryMissing)
        #expect(error.description.contains(directory.file("missing")))
    }

    @Test("A file that is no database is refused and left as it was")
    func notADatabase() async throws {
        let text = Data(String(repeating: "shopping list: milk, bread\n", count: 100).utf8)
        try text.write(to: URL(fileURLWithPath: storeFile))
        let error = try #require(try await storeRefusal(storeFile))
        #expect(error.reason == .notADatabase)
        #expect(error.description.contains("is not a database: name another file"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: storeFile)) == text)
    }

    @Test("A device's outbox is no relay's store, and is left as it was")
    func foreign() async throws {
        try DeviceOutbox(path: storeFile).close()
        let before = try Data(contentsOf: URL(fileURLWithPath: storeFile))
        let error = try #require(try await storeRefusal(storeFile))
        #expect(error.reason == .foreign)
        #expect(error.description.contains("name another file"))
        #expect(try Data(contentsOf: URL(fileURLWithPath: storeFile)) == before)
    }

    @Test("A store of a newer version is refused")
    func newerSchema() async throws {
        #expect(try await refusal { _ in } == nil)
        let queue = try DatabaseQueue(path: storeFile)
        try await queue.write { database in
            try database.execute(sql: "INSERT INTO grdb_migrations VALUES ('from the future')")
        }
        try queue.close()
        let error = try #require(try await storeRefusal(storeFile))
        #expect(error.reason == .newerSchema)
        #expect(error.description.contains("written by a newer version of this program"))
    }

    @Test("A second relay on a store is refused, and the first goes on")
    func twoRelays() async throws {
        try await losesNothing { relay in
            let error = try #require(
                try await storeRefusal(relay.directory.file("relay.db")))
            #expect(error.reason == .inUse)
            #expect(error.description.contains("only one at a time may have it open"))
        }
    }
}
