import CloudMessaging
import MessageStore
import Testing

@Suite("Messages in their lanes, in every store")
struct MessageLaneTests {
    @Test(
        "A lane is read in the order of its keys, however it was filled",
        arguments: StoreKind.allCases)
    func order(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .filled([5, 1, 9]))
        _ = store.mustDo(try .filled([7, 3]))
        _ = store.mustDo(try .filled([4], in: Sample.neighbour))
        #expect(store.sequences() == [1, 3, 5, 7, 9])
        #expect(store.sequences(of: Sample.neighbour) == [4])
    }

    @Test("A lane does not run into the next one of its sender", arguments: StoreKind.allCases)
    func laneEnds(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        let last = Int64(1) << 40 - 1
        _ = store.mustDo(try .filled([1, last]))
        _ = store.mustDo(try .filled([2, last - 1], in: Sample.neighbour))
        #expect(store.sequences() == [1, last])
        #expect(store.sequences(of: Sample.neighbour) == [2, last - 1])
    }

    @Test(
        "A read begins after a key, ends with a key, and keeps its limit",
        arguments: StoreKind.allCases)
    func window(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .filled([1, 2, 3, 4, 5, 6]))
        #expect(store.sequences(after: 2) == [3, 4, 5, 6])
        #expect(store.sequences(after: 2, through: 5) == [3, 4, 5])
        #expect(store.sequences(after: 2, through: 2) == [])
        #expect(store.sequences(after: 5, through: 2) == [])
        #expect(store.sequences(after: 1, limit: 2) == [2, 3])
        #expect(store.sequences(limit: 0) == [])
        #expect(store.sequences(after: 6) == [])
    }

    @Test("Several questions are answered in their order", arguments: StoreKind.allCases)
    func severalReads(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .filled([1, 2]))
        _ = store.mustDo(try .filled([3], in: Sample.neighbour))
        var batch = StoreBatch.reading(Sample.neighbour)
        batch.laneReads += StoreBatch.reading().laneReads
        batch.deviceLoads = [DeviceID(99), DeviceID(1)]
        let results = store.mustDo(batch)
        #expect(results.lanes.map { $0.map(\.key.sequence) } == [[3], [1, 2]])
        #expect(results.devices.map { $0?.id.rawValue } == [nil, 1])
    }

    @Test("Questions see the state before the batch's changes", arguments: StoreKind.allCases)
    func questionsFirst(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .filled([1]))
        var batch = try StoreBatch.filled([2])
        batch.removals = [MessageKey(lane: Sample.lane, sequence: 1)]
        batch.recentUploads = [
            RecentUploads(device: DeviceID(1), uploads: try Sample.uploads(1...2))
        ]
        batch.laneReads = StoreBatch.reading().laneReads
        batch.deviceLoads = [DeviceID(1)]
        let results = store.mustDo(batch)
        #expect(results.lanes.joined().map(\.key.sequence) == [1])
        #expect(results.devices.first??.recentUploads == [])
        #expect(store.sequences() == [2])
    }

    @Test("A batch that is repeated changes nothing more", arguments: StoreKind.allCases)
    func repetition(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        var batch = try StoreBatch.filled([1, 2, 3])
        batch.removals = [MessageKey(lane: Sample.lane, sequence: 2)]
        batch.recentUploads = [
            RecentUploads(device: DeviceID(1), uploads: try Sample.uploads(1...3))
        ]
        _ = store.mustDo(batch)
        _ = store.mustDo(batch)
        #expect(store.sequences() == [1, 3])
        let device = try #require(store.mustDo(.loading(1)).devices.first ?? nil)
        #expect(device.registrations.map(\.number) == [1])
        #expect(device.recentUploads == (try Sample.uploads(1...3)))
        let snapshot = try lives.next().snapshot
        #expect(snapshot.messageCount == 2)
        #expect(snapshot.senders == [try Sample.sender(0)])
    }

    @Test("A key that is taken keeps its message", arguments: StoreKind.allCases)
    func firstStays(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .filled([1]))
        var batch = StoreBatch()
        batch.messages = [try Sample.message(1, origin: Sample.registration(), id: "another")]
        _ = store.mustDo(batch)
        #expect(store.mustDo(.reading()).lanes.joined().map(\.id.text) == ["m-1"])
    }

    @Test("Removals take what is there and pass over the rest", arguments: StoreKind.allCases)
    func removals(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .filled([1, 2, 3, 4]))
        _ = store.mustDo(.removing([4, 2, 77]))
        _ = store.mustDo(.removing([2]))
        #expect(store.sequences() == [1, 3])
        #expect(try lives.next().snapshot.messageCount == 2)
    }

    @Test(
        "Runs of neighbours are removed without what lies between them",
        arguments: StoreKind.allCases)
    func removedRuns(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .filled([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
        _ = store.mustDo(.removing([8, 3, 2, 77, 3, 10, 7, 5]))
        #expect(store.sequences() == [1, 4, 6, 9])
    }

    @Test("Messages of one registration share its object", arguments: StoreKind.allCases)
    func sharedOrigin(kind: StoreKind) throws {
        let lives = StoreLives(kind)
        let store = try lives.next().store
        _ = store.mustDo(try .filled([1, 2]))
        let messages = Array(store.mustDo(.reading()).lanes.joined())
        #expect(messages.count == 2 && messages[0].origin === messages[1].origin)
    }

    @Test("Every field of a message comes back with its bytes", arguments: StoreKind.allCases)
    func bytes(kind: StoreKind) throws {
        let composed = "caf\u{E9}"
        let decomposed = "cafe\u{301}"
        let payloads = [
            DataPayload([(composed, "1"), (decomposed, "2")]),
            DataPayload([("control", "\0\u{1}\u{1F}\n\t\"\\\u{FFFE}"), ("🚚", "\u{202E}שלום")]),
            DataPayload([("key", String(repeating: "x", count: Limits.payloadBytes - 3))]),
            DataPayload(json: Array("{ \"a\" : \"\" }".utf8)), .empty,
        ]
        let ids = [composed, decomposed, "<&>\"'", String(repeating: "i", count: 256), "\t \n"]
        let origin = try Sample.registration(
            category: decomposed, token: "token:with-\(composed)_and-\(decomposed)")
        var batch = try StoreBatch.filled([])
        batch.registrations = [origin]
        for (index, (id, payload)) in zip(ids, payloads).enumerated() {
            batch.messages.append(
                try Sample.message(Int64(index + 1), origin: origin, id: id, data: payload))
        }
        let lives = StoreLives(kind)
        _ = try lives.next().store.mustDo(batch)
        let messages = try Array(lives.next().store.mustDo(.reading()).lanes.joined())
        #expect(messages.map { Array($0.id.text.utf8) } == ids.map { Array($0.utf8) })
        #expect(messages.map(\.data.json) == payloads.map(\.json))
        #expect(messages.allSatisfy { $0.timeToLive == 60 && $0.expiry.nanoseconds == 1_000_000 })
        #expect(messages.allSatisfy { $0.origin.category == origin.category })
        #expect(messages.allSatisfy { $0.pair.token == origin.token })
        #expect(messages.allSatisfy { $0.origin.senders == origin.senders })
    }
}
