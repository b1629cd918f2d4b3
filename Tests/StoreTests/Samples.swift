import CloudMessaging
import MessageStore
import Testing

/// Names and messages for tests, made from numbers.
enum Sample {
    static let lane = LaneID(sender: SenderNumber(rawValue: 0), index: 3)
    static let neighbour = LaneID(sender: SenderNumber(rawValue: 0), index: 4)

    static func sender(_ number: Int32) throws -> StoredSender {
        let id = try #require(SenderID("55500011122\(number)"))
        return StoredSender(number: SenderNumber(rawValue: number), id: id)
    }

    static func device(_ number: Int64 = 1) -> DeviceRecord {
        DeviceRecord(id: DeviceID(number), secretHash: Array(repeating: UInt8(number), count: 32))
    }

    static func registration(
        _ number: Int64 = 1, device: Int64 = 1, category: String = "com.example.app",
        token: String? = nil, senders: [Int32] = [0, 1], other: String? = nil,
        isActive: Bool = true
    ) throws -> Registration {
        let others = try other.map { [try #require(SenderID($0))] } ?? []
        return Registration(
            number: number, device: DeviceID(device), category: try #require(Category(category)),
            token: RegistrationToken(token ?? "token-\(number)"),
            senders: try senders.map { try sender($0).id } + others, isActive: isActive)
    }

    static func message(
        _ sequence: Int64, in lane: LaneID = Sample.lane, origin: Registration,
        id: String? = nil, data: DataPayload = .empty, timeToLive: Int = 60,
        expiry: Int64 = 1_000_000
    ) throws -> UpstreamMessage {
        UpstreamMessage(
            key: MessageKey(lane: lane, sequence: sequence), origin: origin,
            id: try #require(MessageID(id ?? "m-\(sequence)")), data: data,
            timeToLive: timeToLive, expiry: Instant(nanoseconds: expiry))
    }

    static func uploads(_ numbers: ClosedRange<Int>) throws -> [UploadID] {
        try numbers.map { try #require(UploadID("upload-\($0)")) }
    }
}

extension StoreBatch {
    /// A batch with a device, its registration and messages of it, by their sequences.
    static func filled(
        _ sequences: [Int64], in lane: LaneID = Sample.lane
    ) throws -> StoreBatch {
        let origin = try Sample.registration()
        var batch = StoreBatch()
        batch.newSenders = [try Sample.sender(0)]
        batch.newDevices = [Sample.device()]
        batch.registrations = [origin]
        batch.messages = try sequences.map { try Sample.message($0, in: lane, origin: origin) }
        return batch
    }

    static func removing(_ sequences: [Int64]) -> StoreBatch {
        var batch = StoreBatch()
        batch.removals = sequences.map { MessageKey(lane: Sample.lane, sequence: $0) }
        return batch
    }

    static func expiring(at nanoseconds: Int64) -> StoreBatch {
        var batch = StoreBatch()
        batch.expireBefore = Instant(nanoseconds: nanoseconds)
        return batch
    }

    static func loading(_ devices: Int64...) -> StoreBatch {
        var batch = StoreBatch()
        batch.deviceLoads = devices.map(DeviceID.init)
        return batch
    }

    static func reading(
        _ lane: LaneID = Sample.lane, after: Int64 = 0, through: Int64? = nil, limit: Int = 1_000
    ) -> StoreBatch {
        var batch = StoreBatch()
        batch.laneReads = [
            LaneRead(
                lane: lane, after: MessageKey(lane: lane, sequence: after),
                through: through.map { MessageKey(lane: lane, sequence: $0) }, limit: limit)
        ]
        return batch
    }
}

extension MessageStore {
    /// The sequences in a lane, in the order in which the store returns them.
    func sequences(
        of lane: LaneID = Sample.lane, after: Int64 = 0, through: Int64? = nil,
        limit: Int = 1_000
    ) -> [Int64] {
        execute(.reading(lane, after: after, through: through, limit: limit))
            .lanes.joined().map(\.key.sequence)
    }

    func mustDo(
        _ batch: StoreBatch, sourceLocation: SourceLocation = #_sourceLocation
    ) -> StoreResults {
        let results = execute(batch)
        #expect(results.failure == nil, sourceLocation: sourceLocation)
        return results
    }
}
