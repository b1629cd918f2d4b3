internal import CloudMessaging
internal import GRDB
internal import SQLiteSupport

/// The questions of a batch, as SQL.
struct StoreReader {
    let database: Database
    /// The messages of one registration share one object.
    var knownRegistrations: [Int64: Registration] = [:]
    /// How many senders there are, once somebody asked.
    var senderCount: Int64?
    /// What was met and set aside.
    var damagedRows: [DamagedRow] = []

    init(_ database: Database) {
        self.database = database
    }

    // MARK: Messages

    /// As many sound ones as wanted: fewer are the end of the lane.
    mutating func messages(of read: LaneRead) throws -> [UpstreamMessage] {
        let statement = try PreparedStatement(
            """
            SELECT lane, sequence, message_id, registration, kind, ttl, expiry, data FROM message
            WHERE lane = ? AND sequence > ? AND sequence <= ? ORDER BY sequence
            """, in: database)
        try statement.bind(Int64(read.lane.rawValue), at: 1)
        try statement.bind(read.after.sequence, at: 2)
        try statement.bind((read.through ?? read.lane.end).sequence, at: 3)
        var messages: [UpstreamMessage] = []
        try sound("the rest of lane \(read.lane.rawValue) in table message") { reader in
            try statement.whileRows { row in
                guard messages.count < read.limit else { return false }
                let message = try reader.sound("a message") { try $0.message(in: row) }
                if let message { messages.append(message) }
                return true
            }
        }
        return messages
    }

    mutating func message(in row: PreparedStatement) throws -> UpstreamMessage {
        let suspect = SuspectRow(row, of: .message)
        let (key, origin, id, kind) = try address(in: suspect)
        return UpstreamMessage(
            key: key, origin: origin, id: id,
            data: DataPayload(json: try suspect.object(7, "data")),
            timeToLive: try suspect.timeToLive(5, upTo: Limits.timeToLiveSeconds),
            expiry: Instant(nanoseconds: try suspect.integer(6, "expiry")), kind: kind)
    }

    /// From the first five columns.
    private mutating func address(
        in row: SuspectRow
    ) throws -> (MessageKey, Registration, MessageID, UpstreamMessage.Kind) {
        let lane = try row.integer(0, "lane")
        guard try isSender(lane >> 4) else { throw row.damage("lane") }
        let key = MessageKey(
            lane: LaneID(rawValue: Int32(lane)), sequence: try row.sequence(1))
        let kind = try row.need(
            UpstreamMessage.Kind(rawValue: Int(row.integer(4, "kind"))), "kind")
        let id = try row.need(MessageID(row.text(2, "message_id")), "message_id")
        return (key, try registration(row.integer(3, "registration")), id, kind)
    }

    // MARK: Expiry

    /// The earliest first, as far as the limit allows.
    mutating func messagesExpired(at now: Instant) throws -> [ExpiredRow] {
        var found = try indexedMessagesExpired(at: now)
        found += try oldestMessagesExpired(at: now, limit: Limits.expiryBatch - found.count)
        found.sort { ($0.expiry, $0.order) < ($1.expiry, $1.order) }
        return found
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
            // What is no integer is greater than all that are.
            try statement.firstRow { $0.integer(0).map(Instant.init(nanoseconds:)) }
        }
        let ofOldest = try oldest.firstRow {
            Self.longestExpiry(expiry: $0.int64(0), ttl: $0.int64(1))
        }
        return (minima.compactMap { $0.flatMap(\.self) } + [ofOldest].compactMap(\.self)).min()
    }

    private mutating func indexedMessagesExpired(at now: Instant) throws -> [ExpiredRow] {
        let statement = try PreparedStatement(
            """
            SELECT lane, sequence, message_id, registration, kind, expiry FROM message
            WHERE ttl < \(SQLiteFormat.longestTimeToLive) AND expiry <= ? ORDER BY expiry LIMIT ?
            """, in: database)
        try statement.bind(now.nanoseconds, at: 1)
        try statement.bind(Int64(Limits.expiryBatch), at: 2)
        var expired: [ExpiredRow] = []
        try statement.forEachRow { expired.append(try expiredRow($0, expiry: $0.int64(5))) }
        return expired
    }

    /// Of those with the longest time to live, which no index holds: they stand among the oldest
    /// rows, and every row in front of them has expired, too.
    private mutating func oldestMessagesExpired(
        at now: Instant, limit: Int
    ) throws -> [ExpiredRow] {
        let statement = try PreparedStatement(
            """
            SELECT lane, sequence, message_id, registration, kind, expiry, ttl FROM message
            ORDER BY sequence
            """, in: database)
        var expired: [ExpiredRow] = []
        try statement.whileRows { row in
            guard expired.count < limit else { return false }
            guard let expiry = row.integer(5), let ttl = row.integer(6) else {
                // It would never leave.
                let column = row.integer(5) == nil ? "expiry" : "ttl"
                note(SuspectRow(row, of: .message).damage(column))
                expired.append(try expiredRow(row, expiry: 0))
                return true
            }
            guard Self.longestExpiry(expiry: expiry, ttl: ttl) <= now else { return false }
            guard ttl >= SQLiteFormat.longestTimeToLive, expiry <= now.nanoseconds else {
                return true
            }
            expired.append(try expiredRow(row, expiry: expiry))
            return true
        }
        return expired
    }

    /// When a message would expire that arrived at the same time and has the longest time to live.
    private static func longestExpiry(expiry: Int64, ttl: Int64) -> Instant {
        let longest = SQLiteFormat.longestTimeToLive
        return Instant(nanoseconds: expiry) + .seconds(longest - max(0, min(ttl, longest)))
    }

    /// From the first five columns.
    private mutating func expiredRow(_ row: PreparedStatement, expiry: Int64) throws -> ExpiredRow {
        let message = try sound("a message") { reader in
            let (key, origin, id, kind) = try reader.address(in: SuspectRow(row, of: .message))
            return ExpiredMessage(
                key: key, pair: MessagePair(token: kind.source(origin), id: id))
        }
        return ExpiredRow(expiry: expiry, sequence: row.int64(1), message: message)
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
                let count = snapshot.senders.count
                guard row.int64(0) == count else { throw DamagedRow("sender \(count) is missing") }
                let number = SenderNumber(rawValue: Int32(count))
                snapshot.senders.append(StoredSender(number: number, id: id))
            }
        return snapshot
    }
}

/// A message whose time to live is over.
struct ExpiredRow {
    let expiry: Int64
    let sequence: Int64
    /// Nil: the row is damaged, and goes all the same.
    let message: ExpiredMessage?

    var order: Int64 { message?.key.rawValue ?? sequence }
}
