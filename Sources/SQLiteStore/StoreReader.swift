internal import CloudMessaging
internal import GRDB
internal import SQLiteSupport

/// The questions of a batch, as SQL.
struct StoreReader {
    let database: Database
    /// The messages of one registration share one object.
    private var registrations: [Int64: Registration] = [:]

    init(_ database: Database) {
        self.database = database
    }

    // MARK: Messages

    mutating func messages(of read: LaneRead) throws -> [UpstreamMessage] {
        let statement = try PreparedStatement(
            """
            SELECT lane, sequence, message_id, registration, ttl, expiry, data, kind FROM message
            WHERE lane = ? AND sequence > ? AND sequence <= ? ORDER BY sequence LIMIT ?
            """, in: database)
        try statement.bind(Int64(read.lane.rawValue), at: 1)
        try statement.bind(read.after.sequence, at: 2)
        try statement.bind((read.through ?? read.lane.end).sequence, at: 3)
        try statement.bind(Int64(read.limit), at: 4)
        var messages: [UpstreamMessage] = []
        try statement.forEachRow { row in
            let key = key(in: row)
            messages.append(
                UpstreamMessage(
                    key: key, origin: try registration(row.int64(3)), id: try id(of: key, in: row),
                    data: DataPayload(json: row.bytes(6)), timeToLive: Int(row.int64(4)),
                    expiry: Instant(nanoseconds: row.int64(5)), kind: kind(row.int64(7))))
        }
        return messages
    }

    /// The earliest first, as far as the limit allows.
    mutating func messagesExpired(at now: Instant) throws -> [ExpiredMessage] {
        var found = try indexedMessagesExpired(at: now)
        found += try oldestMessagesExpired(at: now, limit: Limits.expiryBatch - found.count)
        found.sort { ($0.expiry, $0.message.key) < ($1.expiry, $1.message.key) }
        return found.map(\.message)
    }

    func nextExpiry() throws -> Instant? {
        let indexed = try PreparedStatement(
            "SELECT min(expiry) FROM message WHERE ttl < \(SQLiteFormat.longestTimeToLive)",
            in: database)
        let deliveries = try PreparedStatement(
            "SELECT min(expiry) FROM delivery", in: database)
        let oldest = try PreparedStatement(
            "SELECT expiry, ttl FROM message ORDER BY sequence LIMIT 1", in: database)
        let minima = try [indexed, deliveries].map { statement in
            try statement.firstRow { $0.isNull(0) ? nil : Instant(nanoseconds: $0.int64(0)) }
        }
        let ofOldest = try oldest.firstRow {
            Self.longestExpiry(expiry: $0.int64(0), ttl: $0.int64(1))
        }
        return (minima.compactMap { $0.flatMap(\.self) } + [ofOldest].compactMap(\.self)).min()
    }

    private typealias Expired = (expiry: Int64, message: ExpiredMessage)

    private mutating func indexedMessagesExpired(at now: Instant) throws -> [Expired] {
        let statement = try PreparedStatement(
            """
            SELECT lane, sequence, message_id, registration, kind, expiry FROM message
            WHERE ttl < \(SQLiteFormat.longestTimeToLive) AND expiry <= ? ORDER BY expiry LIMIT ?
            """, in: database)
        try statement.bind(now.nanoseconds, at: 1)
        try statement.bind(Int64(Limits.expiryBatch), at: 2)
        var expired: [Expired] = []
        try statement.forEachRow { expired.append(($0.int64(5), try expiredMessage(in: $0))) }
        return expired
    }

    /// Of those with the longest time to live, which no index holds: they stand among the oldest
    /// rows, and every row in front of them has expired, too.
    private mutating func oldestMessagesExpired(
        at now: Instant, limit: Int
    ) throws -> [Expired] {
        let statement = try PreparedStatement(
            """
            SELECT lane, sequence, message_id, registration, kind, expiry, ttl FROM message
            ORDER BY sequence
            """, in: database)
        var expired: [Expired] = []
        try statement.whileRows { row in
            let (expiry, ttl) = (row.int64(5), row.int64(6))
            guard expired.count < limit, Self.longestExpiry(expiry: expiry, ttl: ttl) <= now
            else { return false }
            guard ttl >= SQLiteFormat.longestTimeToLive, expiry <= now.nanoseconds else {
                return true
            }
            expired.append((expiry, try expiredMessage(in: row)))
            return true
        }
        return expired
    }

    /// When a message would expire that arrived at the same time and has the longest time to live.
    private static func longestExpiry(expiry: Int64, ttl: Int64) -> Instant {
        Instant(nanoseconds: expiry) + .seconds(SQLiteFormat.longestTimeToLive - ttl)
    }

    /// From the first five columns.
    private mutating func expiredMessage(in row: PreparedStatement) throws -> ExpiredMessage {
        let key = key(in: row)
        let source = try kind(row.int64(4)).source(registration(row.int64(3)))
        return ExpiredMessage(
            key: key, pair: MessagePair(token: source, id: try id(of: key, in: row)))
    }

    private func kind(_ value: Int64) -> UpstreamMessage.Kind {
        UpstreamMessage.Kind(rawValue: Int(value)) ?? .message
    }

    /// From the first two columns.
    private func key(in row: PreparedStatement) -> MessageKey {
        MessageKey(lane: LaneID(rawValue: Int32(row.int64(0))), sequence: row.int64(1))
    }

    private func id(of key: MessageKey, in row: PreparedStatement) throws -> MessageID {
        try required(row.text(2).flatMap(MessageID.init), "message_id of message \(key.rawValue)")
    }

    // MARK: Registry

    func device(_ id: DeviceID) throws -> DeviceRecord? {
        let statement = try PreparedStatement(
            "SELECT secret_hash, recent_uploads FROM device WHERE id = ?", in: database)
        try statement.bind(id.rawValue, at: 1)
        let device = try statement.firstRow { row in
            DeviceRecord(
                id: id, secretHash: row.bytes(0),
                recentUploads: try WordList.split(row.text(1) ?? "").map {
                    try required(UploadID($0), "recent_uploads of device \(id)")
                })
        }
        guard var device else { return nil }
        device.registrations = try registrations(of: id)
        return device
    }

    private func registrations(of device: DeviceID) throws -> [Registration] {
        let statement = try PreparedStatement(
            """
            SELECT number, device, category, token, senders, is_active FROM registration
            WHERE device = ? AND is_active ORDER BY number
            """, in: database)
        try statement.bind(device.rawValue, at: 1)
        var registrations: [Registration] = []
        try statement.forEachRow { registrations.append(try Self.registration(in: $0)) }
        return registrations
    }

    mutating func registration(_ number: Int64) throws -> Registration {
        if let known = registrations[number] { return known }
        let statement = try PreparedStatement(
            """
            SELECT number, device, category, token, senders, is_active FROM registration
            WHERE number = ?
            """, in: database)
        try statement.bind(number, at: 1)
        let stored = try statement.firstRow(Self.registration)
        let registration = try required(stored, "registration \(number) of a message")
        registrations[number] = registration
        return registration
    }

    static func registration(in row: PreparedStatement) throws -> Registration {
        let number = row.int64(0)
        let category = row.text(2).flatMap(Category.init)
        return Registration(
            number: number, device: DeviceID(row.int64(1)),
            category: try required(category, "category of registration \(number)"),
            token: RegistrationToken(row.text(3) ?? ""),
            senders: try WordList.split(row.text(4) ?? "").map {
                try required(SenderID($0), "senders of registration \(number)")
            }, isActive: row.int64(5) != 0)
    }

    // MARK: Opening

    /// As it stands; the new life is not begun yet.
    func snapshot() throws -> StoreSnapshot {
        var snapshot = StoreSnapshot(life: 0)
        try PreparedStatement("SELECT life, sequence_ceiling FROM meta", in: database).forEachRow {
            snapshot.life = $0.int64(0)
            snapshot.firstSequence = $0.int64(1)
        }
        let last = try PreparedStatement("SELECT max(number) FROM registration", in: database)
        snapshot.firstRegistration = try (last.firstRow { $0.int64(0) } ?? 0) + 1
        let count = try PreparedStatement("SELECT count(*) FROM message", in: database)
        snapshot.messageCount = try Int(count.firstRow { $0.int64(0) } ?? 0)
        snapshot.nextExpiry = try nextExpiry()
        try PreparedStatement("SELECT number, sender_id FROM sender ORDER BY number", in: database)
            .forEachRow { row in
                let id = try required(row.text(1).flatMap(SenderID.init), "sender \(row.int64(0))")
                let number = SenderNumber(rawValue: Int32(row.int64(0)))
                snapshot.senders.append(StoredSender(number: number, id: id))
            }
        return snapshot
    }
}
