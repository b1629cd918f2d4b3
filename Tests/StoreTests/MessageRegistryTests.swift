import CloudMessaging
import MessageStore
import Testing

@Suite("Devices, registrations, senders and lives, in every store")
struct MessageRegistryTests {
    @Test(
        "A registration of a known number replaces the earlier one", arguments: StoreKind.allCases)
    func replacement(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        var batch = try StoreBatch.filled([1])
        batch.registrations.append(try Sample.registration(2, category: "com.example.other"))
        _ = store.mustDo(batch)
        var renewal = StoreBatch()
        renewal.registrations = [try Sample.registration(1, token: "renewed")]
        _ = store.mustDo(renewal)

        let device = try #require(store.mustDo(.loading(1)).devices.first ?? nil)
        #expect(device.registrations.map(\.number) == [1, 2])
        #expect(device.registrations.map(\.token.text) == ["renewed", "token-2"])
        // A stored message names its registration by number.
        let message = try #require(store.mustDo(.reading()).lanes.joined().first)
        #expect(message.pair.token.text == "renewed")
        #expect(store.mustDo(.expiring(at: .max)).expired.first?.pair.token.text == "renewed")
        #expect(try lives.next().snapshot.firstRegistration == 3)
    }

    @Test("A device comes back as it was stored", arguments: StoreKind.allCases)
    func device(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        var batch = StoreBatch()
        var known = Sample.device(5)
        known.recentUploads = try Sample.uploads(1...64)
        known.registrations = [try Sample.registration(9, device: 5)]
        batch.newDevices = [known, Sample.device(6)]
        _ = try lives.next().store.mustDo(batch)

        let devices = try lives.next().store.mustDo(.loading(6, 5, 7)).devices
        #expect(devices.map { $0?.id.rawValue } == [6, 5, nil])
        #expect(devices[1]?.secretHash == Array(repeating: 5, count: 32))
        #expect(devices[1]?.recentUploads == (try Sample.uploads(1...64)))
        #expect(devices[1]?.registrations.map(\.number) == [9])
        #expect(
            devices[1]?.registrations.first?.senders.map(\.text) == [
                "555000111220", "555000111221",
            ])
        #expect(devices[0]?.recentUploads == [] && devices[0]?.registrations.isEmpty == true)
    }

    @Test("A device that is known keeps what it has", arguments: StoreKind.allCases)
    func knownDevice(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        var batch = try StoreBatch.filled([])
        batch.recentUploads = [
            RecentUploads(device: DeviceID(1), uploads: try Sample.uploads(1...2))
        ]
        _ = store.mustDo(batch)
        var again = StoreBatch()
        again.newDevices = [Sample.device()]
        _ = store.mustDo(again)
        let device = try #require(store.mustDo(.loading(1)).devices.first ?? nil)
        #expect(device.recentUploads.count == 2)
        #expect(device.registrations.count == 1)
    }

    @Test(
        "Recent uploads replace the earlier list of a known device", arguments: StoreKind.allCases)
    func recentUploads(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        var batch = try StoreBatch.filled([])
        batch.recentUploads = [
            RecentUploads(device: DeviceID(1), uploads: try Sample.uploads(1...3)),
            RecentUploads(device: DeviceID(2), uploads: try Sample.uploads(1...3)),
        ]
        _ = store.mustDo(batch)
        var later = StoreBatch()
        later.recentUploads = [
            RecentUploads(device: DeviceID(1), uploads: try Sample.uploads(3...4))
        ]
        _ = store.mustDo(later)
        let devices = store.mustDo(.loading(1, 2)).devices
        #expect(devices.first??.recentUploads.map(\.text) == ["upload-3", "upload-4"])
        #expect(devices.count == 2 && devices[1] == nil)
    }

    @Test("Senders come back in the order of their numbers", arguments: StoreKind.allCases)
    func senders(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        var batch = StoreBatch()
        batch.newSenders = try (0..<3).map(Sample.sender)
        _ = try lives.next().store.mustDo(batch)
        #expect(try lives.next().snapshot.senders == (0..<3).map(Sample.sender))
    }

    @Test("Lives are counted from 1", arguments: StoreKind.allCases)
    func lives(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        for life in 1...3 {
            #expect(try lives.next().snapshot.life == Int64(life))
        }
    }

    @Test("A new store begins with nothing", arguments: StoreKind.allCases)
    func empty(kind: StoreKind) throws {
        let snapshot = try StoreLives(kind).next().snapshot
        #expect(snapshot.firstSequence == 1 && snapshot.firstRegistration == 1)
        #expect(snapshot.senders.isEmpty && snapshot.messageCount == 0)
        #expect(snapshot.nextExpiry == nil)
    }

    @Test("Each life has sequences of its own", arguments: StoreKind.allCases)
    func sequences(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let first = try lives.next().snapshot.firstSequence
        let second = try lives.next().snapshot.firstSequence
        #expect(second == first + Limits.sequencesReserved)
        var batch = StoreBatch()
        batch.sequenceCeiling = 5_000_000
        _ = try lives.next().store.mustDo(batch)
        #expect(try lives.next().snapshot.firstSequence == 5_000_000)
        batch.sequenceCeiling = 10
        _ = try lives.next().store.mustDo(batch)
        #expect(try lives.next().snapshot.firstSequence > 5_000_000)
    }

    @Test(
        "No sequence of a message comes back, even when nobody raised the ceiling",
        arguments: StoreKind.allCases)
    func forgottenCeiling(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let far = Limits.sequencesReserved * 4
        _ = try lives.next().store.mustDo(try .filled([far, 7]))
        #expect(try lives.next().snapshot.firstSequence == far + 1)
    }

    @Test(
        "A batch that fails leaves nothing, and works once there is room",
        arguments: StoreKind.allCases)
    func failure(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .filled([1]))
        try lives.fillDisk()
        let origin = try Sample.registration()
        let large = DataPayload([("k", String(repeating: "x", count: 4_000))])
        var batch = StoreBatch.reading()
        batch.newDevices = [Sample.device(2)]
        batch.registrations = [try Sample.registration(2, device: 2)]
        batch.messages = try (2...500).map { try Sample.message($0, origin: origin, data: large) }
        batch.removals = [MessageKey(lane: Sample.lane, sequence: 1)]
        batch.expireBefore = Instant(nanoseconds: 5)
        let results = store.execute(batch)
        #expect(results.failure?.kind == .unavailable)
        #expect(results.failure?.description.contains("no room on the disk") == true)
        #expect(results.lanes.joined().map(\.key.sequence) == [1])
        #expect(results.expired.isEmpty && results.nextExpiry == nil)
        #expect(store.sequences() == [1])
        #expect(store.execute(.loading(2)).devices.map { $0 == nil } == [true])

        try lives.emptyDisk()
        _ = store.mustDo(batch)
        #expect(store.sequences() == Array(2...500))
    }
}
