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
            SELECT key, registration, message_id, ttl, expiry, data FROM message
            WHERE key > ? AND key <= ? ORDER BY key LIMIT ?
            """, in: database)
        try statement.bind(read.after.rawValue, at: 1)
        try statement.bind(min(read.through ?? read.lane.end, read.lane.end).rawValue, at: 2)
        try statement.bind(Int64(read.limit), at: 3)
        var messages: [UpstreamMessage] = []
        try statement.forEachRow { row in
            let key = MessageKey(rawValue: row.int64(0))
            messages.append(
                UpstreamMessage(
                    key: key, origin: try registration(row.int64(1)), id: try id(of: key, in: row),
                    data: DataPayload(json: row.bytes(5)), timeToLive: Int(row.int64(3)),
                    expiry: Instant(nanoseconds: row.int64(4))))
        }
        return messages
    }

    mutating func messagesExpired(at now: Instant) throws -> [ExpiredMessage] {
        let statement = try PreparedStatement(
            """
            SELECT key, registration, message_id FROM message
            WHERE expiry <= ? ORDER BY expiry, key LIMIT ?
            """, in: database)
        try statement.bind(now.nanoseconds, at: 1)
        try statement.bind(Int64(Limits.expiryBatch), at: 2)
        var expired: [ExpiredMessage] = []
        try statement.forEachRow { row in
            let key = MessageKey(rawValue: row.int64(0))
            let token = try registration(row.int64(1)).token
            let pair = MessagePair(token: token, id: try id(of: key, in: row))
            expired.append(ExpiredMessage(key: key, pair: pair))
        }
        return expired
    }

    func nextExpiry() throws -> Instant? {
        let statement = try PreparedStatement(
            """
            SELECT min(expiry) FROM (
                SELECT min(expiry) AS expiry FROM message
                UNION ALL SELECT min(expiry) FROM delivery)
            """, in: database)
        let expiry = try statement.firstRow { $0.isNull(0) ? nil : $0.int64(0) }
        return expiry.flatMap { $0 }.map(Instant.init(nanoseconds:))
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
