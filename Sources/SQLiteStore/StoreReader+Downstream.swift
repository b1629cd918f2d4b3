internal import CloudMessaging
internal import GRDB
internal import MessageStore
internal import SQLiteSupport

/// The questions about tokens and mailboxes.
extension StoreReader {
    func record(of token: RegistrationToken) throws -> TokenRecord? {
        let statement = try PreparedStatement(
            """
            SELECT number, device, category, token, senders, is_active FROM registration
            WHERE number = coalesce(
                (SELECT number FROM registration WHERE token = ?1),
                (SELECT registration FROM superseded_token WHERE token = ?1))
            """, in: database)
        try statement.bind(token.text, at: 1)
        if let registration = try statement.firstRow(Self.registration) {
            return .registration(registration)
        }
        return try group(token).map(TokenRecord.group)
    }

    mutating func content(of read: MailboxRead) throws -> MailboxContent {
        let statement = try PreparedStatement(
            """
            SELECT
                sequence, sender, message_id, collapse_key, wants_receipt, ttl, expiry, content,
                topic
            FROM delivery WHERE registration = ? AND sequence > ? ORDER BY sequence LIMIT ?
            """, in: database)
        try statement.bind(read.registration, at: 1)
        try statement.bind(read.after, at: 2)
        try statement.bind(Int64(read.limit), at: 3)
        var content = MailboxContent(deletion: try deletion(of: read.registration))
        try statement.forEachRow { row in
            content.messages.append(
                DownstreamMessage(
                    sequence: row.int64(0), registration: try registration(read.registration),
                    template: try Self.template(in: row, of: read.registration)))
        }
        return content
    }

    private static func template(
        in row: PreparedStatement, of registration: Int64
    ) throws -> DownstreamTemplate {
        let id = try required(
            row.text(2).flatMap(MessageID.init),
            "message_id of message \(row.int64(0)) to registration \(registration)")
        let topic = try row.text(8).map {
            try required(
                TopicName($0), "topic of message \(row.int64(0)) to registration \(registration)")
        }
        return DownstreamTemplate(
            sender: SenderNumber(rawValue: Int32(row.int64(1))), id: id, topic: topic,
            collapseKey: row.text(3), content: row.bytes(7), wantsReceipt: row.int64(4) != 0,
            timeToLive: Int(row.int64(5)),
            expiry: Instant(nanoseconds: row.int64(6)))
    }

    private func deletion(of registration: Int64) throws -> DeletionNotice? {
        let statement = try PreparedStatement(
            "SELECT dropped, told, last_overflow FROM deletion WHERE registration = ?",
            in: database)
        try statement.bind(registration, at: 1)
        let tally = try statement.firstRow { DeletionTally(in: $0) }
        return tally.flatMap { $0.isTold ? nil : $0.notice(for: registration) }
    }

    /// At most so many, the earliest first.
    func depositsExpired(at now: Instant, limit: Int) throws -> [MailboxKey] {
        let statement = try PreparedStatement(
            """
            SELECT registration, sequence FROM delivery
            WHERE expiry <= ? ORDER BY expiry, registration, sequence LIMIT ?
            """, in: database)
        try statement.bind(now.nanoseconds, at: 1)
        try statement.bind(Int64(limit), at: 2)
        var expired: [MailboxKey] = []
        try statement.forEachRow {
            expired.append(MailboxKey(registration: $0.int64(0), sequence: $0.int64(1)))
        }
        return expired
    }
}

extension DeletionTally {
    /// From the first columns of a row: dropped, told and last_overflow; NULL is 0.
    init(in row: PreparedStatement) {
        self.init(
            dropped: Int(row.int64(0)), told: Int(row.int64(1)), lastOverflow: row.int64(2))
    }
}
