internal import CloudMessaging
internal import GRDB
internal import MessageStore
internal import SQLiteSupport

/// The questions about tokens and mailboxes.
extension StoreReader {
    /// Nil also when its row is damaged.
    mutating func record(of token: RegistrationToken) throws -> TokenRecord? {
        try sound("the row of a token") { try $0.storedRecord(of: token) } ?? nil
    }

    private func storedRecord(of token: RegistrationToken) throws -> TokenRecord? {
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

    /// As many sound messages as wanted: fewer are the end of the mailbox.
    mutating func content(of read: MailboxRead) throws -> MailboxContent {
        let statement = try PreparedStatement(
            """
            SELECT
                registration, sequence, sender, message_id, collapse_key, wants_receipt, ttl,
                expiry, content, topic
            FROM delivery WHERE registration = ? AND sequence > ? ORDER BY sequence
            """, in: database)
        try statement.bind(read.registration, at: 1)
        try statement.bind(read.after, at: 2)
        var content = MailboxContent()
        try sound("the mailbox of registration \(read.registration) in table delivery") { reader in
            content.deletion = try reader.deletion(of: read.registration)
            try statement.whileRows { row in
                guard content.messages.count < read.limit else { return false }
                let message = try reader.sound("a message") { try $0.delivery(in: row) }
                if let message { content.messages.append(message) }
                return true
            }
        }
        return content
    }

    mutating func delivery(in row: PreparedStatement) throws -> DownstreamMessage {
        let suspect = SuspectRow(row, of: .delivery)
        let number = try suspect.integer(0, "registration")
        return DownstreamMessage(
            sequence: try suspect.sequence(1), registration: try registration(number),
            template: try template(in: suspect))
    }

    private mutating func template(in row: SuspectRow) throws -> DownstreamTemplate {
        let sender = try row.integer(2, "sender")
        guard try isSender(sender) else { throw row.damage("sender") }
        let longest = Limits.downstreamTimeToLive.upperBound
        return DownstreamTemplate(
            sender: SenderNumber(rawValue: Int32(sender)),
            id: try row.need(MessageID(row.text(3, "message_id")), "message_id"),
            topic: try row.optionalText(9, "topic").map { try row.need(TopicName($0), "topic") },
            collapseKey: try row.optionalText(4, "collapse_key"),
            content: try row.object(8, "content"),
            wantsReceipt: try row.integer(5, "wants_receipt") != 0,
            timeToLive: try row.timeToLive(6, upTo: longest),
            expiry: Instant(nanoseconds: try row.integer(7, "expiry")))
    }

    private func deletion(of registration: Int64) throws -> DeletionNotice? {
        let statement = try PreparedStatement(
            "SELECT dropped, told, last_overflow FROM deletion WHERE registration = ?",
            in: database)
        try statement.bind(registration, at: 1)
        let tally = try statement.firstRow { DeletionTally(in: $0) }
        return tally.flatMap { $0.isTold ? nil : $0.notice(for: registration) }
    }

    /// At most so many, the earliest first; with nil for a row whose key is damaged.
    func depositsExpired(at now: Instant, limit: Int) throws -> [MailboxKey?] {
        let statement = try PreparedStatement(
            """
            SELECT registration, sequence FROM delivery
            WHERE expiry <= ? ORDER BY expiry, registration, sequence LIMIT ?
            """, in: database)
        try statement.bind(now.nanoseconds, at: 1)
        try statement.bind(Int64(limit), at: 2)
        var expired: [MailboxKey?] = []
        try statement.forEachRow { row in
            if let registration = row.integer(0), let sequence = row.integer(1) {
                expired.append(MailboxKey(registration: registration, sequence: sequence))
            } else {
                expired.append(nil)
            }
        }
        return expired
    }
}

extension DeletionTally {
    /// From the first columns of a row: dropped, told and last_overflow; NULL is 0.
    init(in row: PreparedStatement) {
        // Damaged numbers count as far as they can be right.
        let dropped = max(0, min(row.int64(0), MessageKey.sequences.upperBound))
        self.init(
            dropped: Int(dropped), told: Int(max(0, min(row.int64(1), dropped))),
            lastOverflow: row.int64(2))
    }
}
