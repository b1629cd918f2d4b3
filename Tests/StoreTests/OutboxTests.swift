import CloudMessaging
import GRDB
import MessageStore
import SQLiteStore
import SQLiteSupport
import Testing

@testable import DeviceOutbox

@Suite("A device's outbox, in memory and in a file")
struct OutboxTests {
    private func message(
        _ number: Int64, to: String = "1@gcm.googleapis.com", id: String? = nil,
        data: DataPayload = .empty
    ) throws -> PendingMessage {
        PendingMessage(
            number: number, category: try #require(Category("com.example.app")), to: to,
            id: try #require(MessageID(id ?? "m-\(number)")),
            uploadID: try #require(UploadID("u-\(number)")), data: data, timeToLive: 60,
            expiry: Instant(nanoseconds: number * 1_000))
    }

    private func registration(
        _ category: String, token: String = "token"
    ) throws -> AppRegistration {
        AppRegistration(
            category: try #require(Category(category)), token: RegistrationToken(token),
            senders: [try #require(SenderID("4711")), try #require(SenderID("42"))])
    }

    private func identity(_ id: Int64) -> DeviceIdentity {
        DeviceIdentity(id: DeviceID(id), securityToken: "secret-\(id)\0é")
    }

    @Test("A new outbox is empty, and its lives are counted", arguments: StoreKind.allCases)
    func empty(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let snapshot = try lives.next().snapshot
        #expect(snapshot.life == 1)
        #expect(snapshot.identity == nil && snapshot.registrations.isEmpty)
        #expect(snapshot.messages.isEmpty && snapshot.messageCounter == 0)
        #expect(try lives.next().snapshot.life == 2)
    }

    @Test("Messages come back in order and with their bytes", arguments: StoreKind.allCases)
    func messages(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let outbox = try lives.next().outbox
        let full = DataPayload([("k", String(repeating: "\u{1}", count: Limits.payloadBytes - 1))])
        var batch = OutboxBatch()
        batch.added = [
            try message(1, to: "caf\u{E9}\0tail", id: "caf\u{E9}"),
            try message(2, to: "cafe\u{301}", id: "cafe\u{301}", data: full),
            try message(3, to: "", data: DataPayload(json: [])),
        ]
        #expect(outbox.execute(batch) == nil)
        let messages = try lives.next().snapshot.messages
        #expect(messages == batch.added)
        #expect(messages.map { Array($0.to.utf8) } == batch.added.map { Array($0.to.utf8) })
        #expect(
            messages.map { Array($0.id.text.utf8) } == batch.added.map { Array($0.id.text.utf8) })
    }

    @Test(
        "Messages are marked sent and removed; unknown numbers are passed over",
        arguments: StoreKind.allCases)
    func outcomes(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let outbox = try lives.next().outbox
        var batch = OutboxBatch()
        batch.added = try (1...4).map { try message($0) }
        batch.sent = [2, 9]
        batch.removed = [3, 8]
        #expect(outbox.execute(batch) == nil)
        let messages = try lives.next().snapshot.messages
        #expect(messages.map(\.number) == [1, 2, 4])
        #expect(messages.map(\.state) == [.pending, .sent, .pending])
    }

    @Test("A batch that is repeated changes nothing more", arguments: StoreKind.allCases)
    func repetition(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let outbox = try lives.next().outbox
        var batch = OutboxBatch()
        batch.newIdentity = identity(1)
        batch.registrations = [try registration("a"), try registration("b")]
        batch.added = [try message(1), try message(2)]
        batch.sent = [2]
        batch.messageCounter = 2
        #expect(outbox.execute(batch) == nil)
        #expect(outbox.execute(batch) == nil)
        let snapshot = try lives.next().snapshot
        #expect(snapshot.identity == identity(1))
        #expect(snapshot.registrations == batch.registrations)
        #expect(snapshot.messages.map(\.state) == [.pending, .sent])
        #expect(snapshot.messageCounter == 2)
    }

    @Test("A message that is known stays as it is", arguments: StoreKind.allCases)
    func knownMessage(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let outbox = try lives.next().outbox
        var batch = OutboxBatch()
        batch.added = [try message(1)]
        batch.sent = [1]
        #expect(outbox.execute(batch) == nil)
        var again = OutboxBatch()
        again.added = [try message(1, id: "another")]
        #expect(outbox.execute(again) == nil)
        let messages = try lives.next().snapshot.messages
        #expect(messages.map(\.id.text) == ["m-1"] && messages.map(\.state) == [.sent])
    }

    @Test("A new identity voids the tokens and keeps the messages", arguments: StoreKind.allCases)
    func newIdentity(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let outbox = try lives.next().outbox
        var first = OutboxBatch()
        first.newIdentity = identity(1)
        first.registrations = [try registration("a"), try registration("b")]
        first.added = [try message(1)]
        #expect(outbox.execute(first) == nil)
        var second = OutboxBatch()
        second.newIdentity = identity(2)
        second.registrations = [try registration("b", token: "new")]
        #expect(outbox.execute(second) == nil)
        let snapshot = try lives.next().snapshot
        #expect(snapshot.identity == identity(2))
        #expect(snapshot.identity.map { Array($0.securityToken.utf8) } == Array("secret-2\0é".utf8))
        #expect(snapshot.registrations == second.registrations)
        #expect(snapshot.messages.count == 1)
    }

    @Test(
        "A later token of an app replaces the earlier; apps are told apart by their bytes",
        arguments: StoreKind.allCases)
    func renewal(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let outbox = try lives.next().outbox
        var first = OutboxBatch()
        first.registrations = [
            try registration("caf\u{E9}", token: "1"), try registration("cafe\u{301}", token: "2"),
        ]
        #expect(outbox.execute(first) == nil)
        var second = OutboxBatch()
        second.registrations = [try registration("caf\u{E9}", token: "3")]
        #expect(outbox.execute(second) == nil)
        #expect(try lives.next().snapshot.registrations.map(\.token.text) == ["2", "3"])
    }

    @Test("An app that waits for its token is kept, until it has it", arguments: StoreKind.allCases)
    func awaitedToken(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let outbox = try lives.next().outbox
        var batch = OutboxBatch()
        let granted = try registration("a")
        let awaited = AppRegistration(awaitedBy: granted.category, senders: granted.senders)
        batch.registrations = [granted, awaited]
        #expect(outbox.execute(batch) == nil)
        let between = try lives.next()
        #expect(between.snapshot.registrations == [awaited])
        #expect(between.snapshot.registrations.map(\.isAwaited) == [true])
        batch.registrations = [awaited, granted]
        #expect(between.outbox.execute(batch) == nil)
        #expect(try lives.next().snapshot.registrations == [granted])
    }

    @Test("The message counter never falls", arguments: StoreKind.allCases)
    func counter(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let outbox = try lives.next().outbox
        for counter: Int64 in [7, 3] {
            var batch = OutboxBatch()
            batch.messageCounter = counter
            #expect(outbox.execute(batch) == nil)
        }
        #expect(try lives.next().snapshot.messageCounter == 7)
    }

    @Test(
        "A batch that fails leaves nothing, and works once there is room",
        arguments: StoreKind.allCases)
    func failure(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let outbox = try lives.next().outbox
        try lives.fillDisk()
        let large = DataPayload(json: Array(repeating: 0x20, count: 4_000))
        var batch = OutboxBatch()
        batch.newIdentity = identity(1)
        batch.messageCounter = 9
        batch.added = try (1...20).map { try message($0, data: large) }
        let failure = try #require(outbox.execute(batch))
        #expect(failure.kind == .unavailable)
        #expect(failure.description.contains("no room on the disk"))
        try lives.emptyDisk()
        let between = try lives.next()
        #expect(between.snapshot.messages.isEmpty && between.snapshot.identity == nil)
        #expect(between.snapshot.messageCounter == 0)
        #expect(between.outbox.execute(batch) == nil)
        #expect(try lives.next().snapshot.messages.count == 20)
    }

    @Test("The token of an app that unregistered is gone", arguments: StoreKind.allCases)
    func unregistered(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let outbox = try lives.next().outbox
        var batch = OutboxBatch()
        batch.registrations = [try registration("a"), try registration("b")]
        #expect(outbox.execute(batch) == nil)
        batch = OutboxBatch()
        batch.unregistered = [try #require(Category("a")), try #require(Category("c"))]
        batch.registrations = [try registration("d")]
        #expect(outbox.execute(batch) == nil)
        let kept = try lives.next().snapshot.registrations
        #expect(kept == [try registration("b"), try registration("d")])
    }

    @Test(
        "Of the messages that apps were told the last ten of each stay, in order",
        arguments: StoreKind.allCases)
    func received(kind: StoreKind) throws {
        let lives = OutboxLives(kind)
        let outbox = try lives.next().outbox
        func delivery(
            _ id: String, _ app: String = "a", from: String = "5"
        ) throws -> DeliveryReference {
            DeliveryReference(
                category: try #require(Category(app)), from: from, id: try #require(MessageID(id)))
        }
        var batch = OutboxBatch()
        let others = [
            try delivery("é", "b"), try delivery("e\u{301}", "b"),
            try delivery("é", "b", from: "6"),
        ]
        batch.received = others + (try (1...12).map { try delivery("d-\($0)") })
        #expect(outbox.execute(batch) == nil)
        let last = try (3...12).map { try delivery("d-\($0)") }
        let between = try lives.next()
        #expect(between.snapshot.received == others + last)
        // A batch of unknown outcome is repeated: it does no harm.
        #expect(between.outbox.execute(batch) == nil)
        batch = OutboxBatch()
        batch.received = [try delivery("d-5")]
        #expect(between.outbox.execute(batch) == nil)
        let ids = try lives.next().snapshot.received.dropFirst(3).map(\.id.text)
        #expect(ids == [3, 4, 6, 7, 8, 9, 10, 11, 12, 5].map { "d-\($0)" })
    }

    @Test("A state file without deliveries keeps what it has, and gets them")
    func earlierFile() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("device.db")
        let queue = try DatabaseQueue(path: path)
        try queue.writeWithoutTransaction { database in
            try database.execute(
                sql: "PRAGMA application_id = \(SQLiteFormat.device.applicationID)")
            try database.execute(sql: "PRAGMA journal_mode = WAL")
        }
        try SQLiteFormat.device.migrator.migrate(queue, upTo: "1")
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "UPDATE meta SET life = 6, message_counter = 9")
        }
        try queue.close()
        let outbox = try DeviceOutbox(path: path)
        let snapshot = try outbox.open()
        #expect(snapshot.life == 7 && snapshot.messageCounter == 9 && snapshot.received.isEmpty)
        var batch = OutboxBatch()
        batch.received = [
            DeliveryReference(
                category: try #require(Category("a")), from: "5",
                id: try #require(MessageID("d-1")))
        ]
        #expect(outbox.execute(batch) == nil)
        #expect(try outbox.open().received == batch.received)
        outbox.close()
    }

    @Test("A state file serves one device at a time, syncs, and is no relay's store")
    func file() throws {
        let directory = TemporaryDirectory()
        let path = directory.file("device.db")
        let outbox = try DeviceOutbox(path: path)
        let error = #expect(throws: StoreOpenError.self) { try DeviceOutbox(path: path) }
        #expect(error?.reason == .inUse)
        let synchronous = try outbox.file.read {
            try PreparedStatement("PRAGMA synchronous", in: $0).firstRow { $0.int64(0) }
        }
        #expect(synchronous == 2)
        var batch = OutboxBatch()
        batch.added = [try message(1)]
        #expect(outbox.execute(batch) == nil)
        // Not closed: the copy is what a crash at this moment leaves.
        try directory.copyDatabase("device.db", to: "crashed.db")
        let crashed = try DeviceOutbox(path: directory.file("crashed.db"))
        #expect(try crashed.open().messages == batch.added)
        outbox.close()
        let foreign = #expect(throws: StoreOpenError.self) { try SQLiteStore(path: path) }
        #expect(foreign?.reason == .foreign)
    }
}
