import CloudMessaging
import GCMAppServer
import GCMDevice
import Logging
import MessageStore
import NetworkRuntime
import Nodes
import RelayMachine
import RelayService
import Synchronization
import Testing

@Suite("At most 20 pending messages", .timeLimit(.minutes(5)))
struct PendingLimitTests {
    private static let twenty = (1...20).map { "m-\($0)" }

    /// Sends 20 messages that stay pending, and shows that the 21st is one too many.
    private func fill(_ phone: AndroidPhone) async throws {
        for id in Self.twenty { try await phone.send(id) }
        #expect(!phone.told.contains { Self.twenty.contains($0.messageID) })
        try await phone.send("m-21")
        #expect(phone.told.last == .error("m-21", "TooManyMessages"))
    }

    private func expectAll(_ phone: AndroidPhone, at server: TestAppServer) async throws {
        let received = try await server.receive(Self.twenty.count)
        #expect(received.map(\.messageID) == Self.twenty)
        for id in Self.twenty { try await phone.wait(for: .sent(id)) }
    }

    @Test("A-12 a device that is offline keeps 20 messages, without an error")
    func offline() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.androidPhone()
            for id in Self.twenty { try await phone.send(id) }
            #expect(phone.told == [])
            #expect(try await town.counters.accepted == 0)
            phone.device.connect()
            try await expectAll(phone, at: server)
        }
    }

    @Test("A-13 the same while the relay is down")
    func relayDown() async throws {
        try await withTown { town in
            let link = try await town.deviceLink()
            let phone = try await town.androidPhone(port: link.port)
            phone.device.connect()
            try await phone.send("m-0")
            try await phone.wait(for: .sent("m-0"))
            try await town.stopRelay()
            try await fill(phone)

            try await town.startRelay()
            link.lead(to: town.ports.device)
            let server = try await town.appServer()
            let received = try await server.receive(21).map(\.messageID)
            #expect(received == ["m-0"] + Self.twenty)
            for id in Self.twenty { try await phone.wait(for: .sent(id)) }
        }
    }

    @Test("A-13 the same while the relay is up and its disk full")
    func diskFull() async throws {
        try await withTown { town in
            let store = StoreOnDemand()
            let relay = try await RelayRuntime(
                settings: RelayNodeSettings(seed: 7), store: store, snapshot: store.open(),
                tls: town.serverTLS(),
                logger: Logger(label: "relay") { _ in SwiftLogNoOpLogHandler() })
            town.atTheEnd { try await relay.shutdown() }
            let loopback = ListenAddress.host("127.0.0.1")
            let phone = try await town.androidPhone(
                port: relay.listen(.devices, on: loopback, port: 0))
            let server = try await town.appServer(
                port: relay.listen(.appServers, on: loopback, port: 0))
            phone.device.connect()
            try await phone.send("m-0")
            try await phone.wait(for: .sent("m-0"))

            store.isFull = true
            try await fill(phone)
            #expect(phone.told == [.sent("m-0"), .error("m-21", "TooManyMessages")])
            #expect(try await relay.status().counters.accepted == 1)

            store.isFull = false
            let received = try await server.receive(21).map(\.messageID)
            #expect(received == ["m-0"] + Self.twenty)
            for id in Self.twenty { try await phone.wait(for: .sent(id)) }
        }
    }

    @Test("A-14 a pending message that expires is told SERVICE_NOT_AVAILABLE and frees its slot")
    func expiry() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.androidPhone()
            let kept = (1...19).map { "m-\($0)" }
            for id in kept { try await phone.send(id) }
            try await phone.gcm.send(
                to: Town.address, messageID: "late", timeToLive: 1, data: [:])
            try await phone.wait(for: .error("late", "SERVICE_NOT_AVAILABLE"))

            try await phone.send("m-20", "m-21")
            #expect(
                phone.told == [
                    .error("late", "SERVICE_NOT_AVAILABLE"), .error("m-21", "TooManyMessages"),
                ])
            phone.device.connect()
            try await expectAll(phone, at: server)
        }
    }

    @Test("A-15 the 21st message fails at once with TooManyMessages, the first 20 arrive")
    func tooMany() async throws {
        try await withTown { town in
            let server = try await town.appServer()
            let phone = try await town.androidPhone()
            try await fill(phone)
            #expect(phone.told == [.error("m-21", "TooManyMessages")])
            phone.device.connect()
            try await expectAll(phone, at: server)
            try await phone.send("m-22")
            #expect(try await server.receive(21).last?.messageID == "m-22")
        }
    }
}

/// A store that is full when the test says so.
private final class StoreOnDemand: MessageStore {
    private let store = InMemoryStore()
    private let full = Atomic(false)

    var isFull: Bool {
        get { full.load(ordering: .acquiring) }
        set { full.store(newValue, ordering: .releasing) }
    }

    func open() throws(StoreFailure) -> StoreSnapshot { try store.open() }

    func execute(_ batch: StoreBatch) -> StoreResults {
        store.failure = isFull ? StoreFailure(.unavailable, "the disk is full") : nil
        return store.execute(batch)
    }
}
