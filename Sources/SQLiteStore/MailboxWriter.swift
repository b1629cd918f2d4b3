internal import CloudMessaging
internal import GRDB
internal import MessageStore
internal import SQLiteSupport

/// Changes of mailboxes, as SQL; a repeated one does no harm.
///
/// Its statements are looked up once for a batch, not for each of its messages.
struct MailboxWriter {
    private let database: Database
    /// `DownstreamChanges.onWire`
    private let onWire: [Int64: Int64]
    private let tally: PreparedStatement
    private let waiting: PreparedStatement
    private let insertion: PreparedStatement
    private let removal: PreparedStatement
    private let tallyUpdate: PreparedStatement

    init(_ database: Database, onWire: [Int64: Int64] = [:]) throws {
        self.database = database
        self.onWire = onWire
        tally = try PreparedStatement(
            """
            SELECT dropped, told, last_overflow
            FROM registration LEFT JOIN deletion ON deletion.registration = registration.number
            WHERE registration.number = ? AND registration.is_active
            """, in: database)
        waiting = try PreparedStatement(
            """
            SELECT sequence, collapse_key FROM delivery
            WHERE registration = ? AND sequence > ? ORDER BY sequence
            """, in: database)
        insertion = try PreparedStatement(
            """
            INSERT INTO delivery (
                registration, sequence, sender, message_id, collapse_key, wants_receipt, ttl,
                expiry, content, topic
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """, in: database)
        removal = try PreparedStatement(
            "DELETE FROM delivery WHERE registration = ? AND sequence = ?", in: database)
        tallyUpdate = try PreparedStatement(
            """
            REPLACE INTO deletion (registration, dropped, told, last_overflow)
            VALUES (?, ?, ?, ?)
            """, in: database)
    }

    func deposit(
        _ template: DownstreamTemplate, at key: MailboxKey
    ) throws -> DepositResult {
        guard var state = try state(of: key.registration) else { return .unregistered }
        let after = min(onWire[key.registration] ?? 0, key.sequence - 1)
        state.waiting = try waiting(in: key.registration, after: after)
        let decision = state.deposit(key, collapseKey: template.collapseKey)
        try remove(
            decision.result.dropped.map { MailboxKey(registration: key.registration, sequence: $0) }
        )
        if decision.isAdmitted { try insert(template, at: key) }
        if let tally = decision.tally { try update(tally, of: key.registration) }
        return decision.result
    }

    func remove(_ keys: [MailboxKey]) throws {
        for key in keys {
            try removal.bind(key.registration, at: 1)
            try removal.bind(key.sequence, at: 2)
            try removal.run()
        }
    }

    /// Removes rows whose key is damaged; no other statement finds them.
    func removeUnaddressed() throws {
        try PreparedStatement(
            """
            DELETE FROM delivery
            WHERE typeof(registration) <> 'integer' OR typeof(sequence) <> 'integer'
            """, in: database
        ).run()
    }

    /// Nil when the registration is unknown or not active.
    private func state(of registration: Int64) throws -> MailboxState? {
        try tally.bind(registration, at: 1)
        return try tally.firstRow { MailboxState(tally: DeletionTally(in: $0)) }
    }

    private func waiting(
        in registration: Int64, after sequence: Int64
    ) throws -> [MailboxState.Waiting] {
        try waiting.bind(registration, at: 1)
        try waiting.bind(sequence, at: 2)
        var messages: [MailboxState.Waiting] = []
        try waiting.forEachRow {
            messages.append(MailboxState.Waiting(sequence: $0.int64(0), collapseKey: $0.text(1)))
        }
        return messages
    }

    private func insert(_ template: DownstreamTemplate, at key: MailboxKey) throws {
        try insertion.bind(key.registration, at: 1)
        try insertion.bind(key.sequence, at: 2)
        try insertion.bind(Int64(template.sender.rawValue), at: 3)
        try insertion.bind(template.collapseKey, at: 5)
        try insertion.bind(template.wantsReceipt ? 1 : 0, at: 6)
        try insertion.bind(Int64(template.timeToLive), at: 7)
        try insertion.bind(template.expiry.nanoseconds, at: 8)
        try insertion.bind(template.topic?.text, at: 10)
        var id = template.id.text
        try id.withUTF8 { id in
            try template.content.withUnsafeBufferPointer { content in
                try insertion.bind(borrowedText: id, at: 4)
                try insertion.bind(borrowedBlob: content, at: 9)
                try insertion.run()
            }
        }
    }

    private func update(_ tally: DeletionTally, of registration: Int64) throws {
        try tallyUpdate.bind(registration, at: 1)
        try tallyUpdate.bind(Int64(tally.dropped), at: 2)
        try tallyUpdate.bind(Int64(tally.told), at: 3)
        try tallyUpdate.bind(tally.lastOverflow, at: 4)
        try tallyUpdate.run()
    }
}
