internal import CloudMessaging
internal import GRDB
internal import SQLiteSupport

/// The changes of a batch, as SQL; a repeated one does no harm.
struct StoreWriter {
    let database: Database

    init(_ database: Database) {
        self.database = database
    }

    // MARK: Messages

    /// `ON CONFLICT`, not `OR IGNORE`, which would also swallow a value that is missing.
    func insert(_ messages: [UpstreamMessage]) throws {
        guard !messages.isEmpty else { return }
        let statement = try PreparedStatement(
            """
            INSERT INTO message (sequence, lane, registration, message_id, ttl, expiry, data, kind)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sequence) DO NOTHING
            """, in: database)
        for message in messages {
            try statement.bind(message.key.sequence, at: 1)
            try statement.bind(Int64(message.key.lane.rawValue), at: 2)
            try statement.bind(message.origin.number, at: 3)
            try statement.bind(Int64(message.timeToLive), at: 5)
            try statement.bind(message.expiry.nanoseconds, at: 6)
            try statement.bind(Int64(message.kind.rawValue), at: 8)
            var id = message.id.text
            try id.withUTF8 { id in
                try message.data.json.withUnsafeBufferPointer { data in
                    try statement.bind(borrowedText: id, at: 4)
                    try statement.bind(borrowedBlob: data, at: 7)
                    try statement.run()
                }
            }
        }
    }

    func remove(_ keys: [MessageKey]) throws {
        try remove(sequences: keys.map(\.sequence))
    }

    /// A run of neighbours at once: most messages are settled in the order in which they came, and
    /// a statement costs more than a row.
    func remove(sequences: [Int64]) throws {
        guard !sequences.isEmpty else { return }
        let statement = try PreparedStatement(
            "DELETE FROM message WHERE sequence BETWEEN ? AND ?", in: database)
        let sequences = sequences.sorted()
        var first = 0
        for index in sequences.indices {
            let next = index + 1
            guard next == sequences.count || sequences[next] > sequences[index] + 1
            else { continue }
            try statement.bind(sequences[first], at: 1)
            try statement.bind(sequences[index], at: 2)
            try statement.run()
            first = next
        }
    }

    // MARK: Registry

    func insert(_ senders: [StoredSender]) throws {
        guard !senders.isEmpty else { return }
        let statement = try PreparedStatement(
            "INSERT INTO sender (number, sender_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            in: database)
        for sender in senders {
            try statement.bind(Int64(sender.number.rawValue), at: 1)
            try statement.bind(sender.id.text, at: 2)
            try statement.run()
        }
    }

    func insert(_ devices: [DeviceRecord]) throws {
        guard !devices.isEmpty else { return }
        let statement = try PreparedStatement(
            """
            INSERT INTO device (id, secret_hash, recent_uploads) VALUES (?, ?, ?)
            ON CONFLICT (id) DO NOTHING
            """, in: database)
        for device in devices {
            try statement.bind(device.id.rawValue, at: 1)
            try statement.bind(WordList(device.recentUploads.map(\.text)), at: 3)
            try device.secretHash.withUnsafeBufferPointer { hash in
                try statement.bind(borrowedBlob: hash, at: 2)
                try statement.run()
            }
            try replace(device.registrations)
        }
    }

    func replace(_ registrations: [Registration]) throws {
        guard !registrations.isEmpty else { return }
        let statement = try PreparedStatement(
            """
            INSERT INTO registration (number, device, category, token, senders, is_active)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (number) DO UPDATE SET
                device = excluded.device, category = excluded.category, token = excluded.token,
                senders = excluded.senders, is_active = excluded.is_active
            """, in: database)
        for registration in registrations {
            try statement.bind(registration.number, at: 1)
            try statement.bind(registration.device.rawValue, at: 2)
            try statement.bind(registration.category.text, at: 3)
            try statement.bind(registration.token.text, at: 4)
            try statement.bind(WordList(registration.senders.map(\.text)), at: 5)
            try statement.bind(registration.isActive ? 1 : 0, at: 6)
            try statement.run()
            if !registration.isActive { try empty(registration.number) }
        }
    }

    func update(_ recentUploads: [RecentUploads]) throws {
        guard !recentUploads.isEmpty else { return }
        let statement = try PreparedStatement(
            "UPDATE device SET recent_uploads = ? WHERE id = ?", in: database)
        var list = WordList()
        for recent in recentUploads {
            list.removeAll()
            for upload in recent.uploads { list.append(upload.text) }
            try list.bytes.withUnsafeBufferPointer { list in
                try statement.bind(borrowedText: list, at: 1)
                try statement.bind(recent.device.rawValue, at: 2)
                try statement.run()
            }
        }
    }

    // MARK: Lives

    func beginLife(_ life: Int64, sequenceCeiling: Int64) throws {
        let statement = try PreparedStatement(
            "UPDATE meta SET life = ?, sequence_ceiling = ?", in: database)
        try statement.bind(life, at: 1)
        try statement.bind(sequenceCeiling, at: 2)
        try statement.run()
    }

    /// Changes nothing, and costs no page, when the ceiling is as high already.
    func raiseSequenceCeiling(to ceiling: Int64) throws {
        let statement = try PreparedStatement(
            "UPDATE meta SET sequence_ceiling = ?1 WHERE sequence_ceiling < ?1", in: database)
        try statement.bind(ceiling, at: 1)
        try statement.run()
    }
}
