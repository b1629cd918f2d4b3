internal import CloudMessaging
internal import MessageStore
internal import SQLiteSupport

/// What people look at, page by page: rows by their primary keys, and no more of them than the page
/// has. Damaged ones are left out.
extension StoreReader {
    mutating func page(from place: KeptPage.Place, limit: Int) throws -> KeptPage {
        switch place {
        case .upstream(let number): try upstreamPage(after: number, limit: limit)
        case .downstream(let key): try downstreamPage(after: key, limit: limit)
        }
    }

    private mutating func upstreamPage(after number: Int64, limit: Int) throws -> KeptPage {
        let statement = try PreparedStatement(
            """
            SELECT lane, sequence, message_id, registration, kind, ttl, expiry, data FROM message
            WHERE sequence > ? ORDER BY sequence LIMIT ?
            """, in: database)
        try statement.bind(number, at: 1)
        try statement.bind(Int64(limit), at: 2)
        var messages: [KeptMessage] = []
        var rows = 0
        var last = number
        try statement.forEachRow { row in
            rows += 1
            last = row.int64(1)
            let message = try sound("a message") { try $0.message(in: row) }
            if let message { messages.append(.upstream(message)) }
        }
        return KeptPage(
            messages, from: .upstream(after: number),
            last: rows < limit ? nil : .upstream(after: last))
    }

    private mutating func downstreamPage(after key: MailboxKey, limit: Int) throws -> KeptPage {
        let statement = try PreparedStatement(
            """
            SELECT
                registration, sequence, sender, message_id, collapse_key, wants_receipt, ttl,
                expiry, content, topic
            FROM delivery WHERE (registration, sequence) > (?, ?)
            ORDER BY registration, sequence LIMIT ?
            """, in: database)
        try statement.bind(key.registration, at: 1)
        try statement.bind(key.sequence, at: 2)
        try statement.bind(Int64(limit), at: 3)
        var messages: [KeptMessage] = []
        var rows = 0
        var last = key
        try statement.forEachRow { row in
            rows += 1
            last = MailboxKey(registration: row.int64(0), sequence: row.int64(1))
            let message = try sound("a message") { try $0.delivery(in: row) }
            if let message { messages.append(.downstream(message)) }
        }
        return KeptPage(
            messages, from: .downstream(after: key),
            last: rows < limit ? nil : .downstream(after: last))
    }

    mutating func messages(numbered number: Int64) throws -> [KeptMessage] {
        let upstream = try PreparedStatement(
            """
            SELECT lane, sequence, message_id, registration, kind, ttl, expiry, data FROM message
            WHERE sequence = ?
            """, in: database)
        try upstream.bind(number, at: 1)
        var found: [KeptMessage] = []
        try upstream.forEachRow { row in
            let message = try sound("a message") { try $0.message(in: row) }
            if let message { found.append(.upstream(message)) }
        }
        guard found.isEmpty else { return found }
        // No index has the numbers of deliveries: each mailbox is asked by its primary key.
        let downstream = try PreparedStatement(
            """
            SELECT
                d.registration, d.sequence, d.sender, d.message_id, d.collapse_key,
                d.wants_receipt, d.ttl, d.expiry, d.content, d.topic
            FROM registration AS r CROSS JOIN delivery AS d
            ON d.registration = r.number AND d.sequence = ?
            LIMIT \(mailboxesShown)
            """, in: database)
        try downstream.bind(number, at: 1)
        try downstream.forEachRow { row in
            let message = try sound("a message") { try $0.delivery(in: row) }
            if let message { found.append(.downstream(message)) }
        }
        return found
    }

    mutating func registrations(after number: Int64, limit: Int) throws -> [Registration] {
        let statement = try PreparedStatement(
            """
            SELECT number, device, category, token, senders, is_active FROM registration
            WHERE number > ? AND is_active != 0 ORDER BY number LIMIT ?
            """, in: database)
        try statement.bind(number, at: 1)
        try statement.bind(Int64(limit), at: 2)
        var found: [Registration] = []
        try statement.forEachRow { row in
            let registration = try sound("a registration") { _ in try Self.registration(in: row) }
            if let registration { found.append(registration) }
        }
        return found
    }
}
