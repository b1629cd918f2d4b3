import CloudMessaging
import Dispatch
import Foundation
import Logging
import MessageStore
import NetworkRuntime
import Nodes
import RealPrograms
import RelayMachine
import TLSEngine

/// A relay whose store answers when the test says so.
final class SlowRelay: Sendable {
    let gate = Gate()
    let log = Diary<LogLine>()
    private let directory: TemporaryDirectory
    private let caFile: String
    private let runtime: RelayRuntime
    private let devicePort: Int

    init() async throws {
        directory = try TemporaryDirectory()
        let now = Int64(Date().timeIntervalSince1970)
        let authority = try LocalAuthority(directory: directory.path, now: now)
        caFile = authority.certificateFile
        let store = GatedStore(gate: gate)
        let snapshot = try store.open()
        runtime = try await RelayRuntime(
            settings: RelayNodeSettings(seed: 7), store: store, snapshot: snapshot,
            tls: TLSContext(server: authority.serverIdentity(now: now)),
            logger: TestRelay.logger(log))
        devicePort = try await runtime.listen(.devices, on: .host("127.0.0.1"), port: 0)
    }

    func deviceClient() async throws -> RawClient {
        try await RawClient(port: devicePort, trusting: caFile)
    }

    func logged(_ sentence: String) async throws {
        try await log.wait(for: "\"\(sentence)\" in the log") {
            $0.contains { $0.message.contains(sentence) }
        }
    }

    /// Returns when so many uploads have become messages: a check-in is answered after them.
    func untilAccepted(_ count: Int) async throws {
        let client = try await deviceClient()
        _ = try await client.checkIn()
        let accepted = try await runtime.status().counters.accepted
        if accepted != count { throw Missed(what: "\(count) messages", seen: "\(accepted)") }
        try await client.hangUp()
    }

    func shutdown() async throws { try await runtime.shutdown() }
}

/// A store in memory that does nothing while its gate is closed.
private final class GatedStore: MessageStore {
    private let gate: Gate
    private let store = InMemoryStore()

    init(gate: Gate) {
        self.gate = gate
    }

    func open() throws(StoreFailure) -> StoreSnapshot { try store.open() }

    func execute(_ batch: StoreBatch) -> StoreResults {
        gate.pass()
        return store.execute(batch)
    }
}

/// Lets a thread pass, or holds it.
final class Gate: Sendable {
    private let turnstile = DispatchSemaphore(value: 1)

    func close() { turnstile.wait() }
    func open() { turnstile.signal() }

    fileprivate func pass() {
        turnstile.wait()
        turnstile.signal()
    }
}
