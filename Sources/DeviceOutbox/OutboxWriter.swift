internal import CloudMessaging
internal import GRDB
internal import SQLiteSupport

/// The changes of a batch, as SQL; a repeated one does no harm.
struct OutboxWriter {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    func beginLife() throws {
        try PreparedStatement("UPDATE meta SET life = life + 1", in: database).run()
    }

    // MARK: Identity

    /// The tokens of an earlier identity are void.
    func replaceIdentity(_ identity: DeviceIdentity) throws {
        try PreparedStatement("DELETE FROM registration", in: database).run()
        try PreparedStatement("DELETE FROM identity", in: database).run()
        let statement = try PreparedStatement(
            "INSERT INTO identity (device_id, security_token) VALUES (?, ?)", in: database)
        try statement.bind(identity.id.rawValue, at: 1)
        try statement.bind(identity.securityToken, at: 2)
        try statement.run()
    }

    func dropRegistrations(of categories: [Category]) throws {
        let statement = try PreparedStatement(
            "DELETE FROM registration WHERE category = ?", in: database)
        for category in categories {
            try statement.bind(category.text, at: 1)
            try statement.run()
        }
    }

    func replace(_ registrations: [AppRegistration]) throws {
        guard !registrations.isEmpty else { return }
        let statement = try PreparedStatement(
            "REPLACE INTO registration (category, token, senders) VALUES (?, ?, ?)", in: database)
        for registration in registrations {
            try statement.bind(registration.category.text, at: 1)
            try statement.bind(registration.token.text, at: 2)
            try statement.bind(WordList(registration.senders.map(\.text)), at: 3)
            try statement.run()
        }
    }

    // MARK: Messages

    /// `ON CONFLICT`, not `OR IGNORE`, which would also swallow a value that is missing.
    func insert(_ messages: [PendingMessage]) throws {
        guard !messages.isEmpty else { return }
        let statement = try PreparedStatement(
            """
            INSERT INTO message
                (number, category, recipient, message_id, upload_id, ttl, expiry, state, data)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO NOTHING
            """, in: database)
        for message in messages {
            try statement.bind(message.number, at: 1)
            try statement.bind(message.category.text, at: 2)
            try statement.bind(message.to, at: 3)
            try statement.bind(message.id.text, at: 4)
            try statement.bind(message.uploadID.text, at: 5)
            try statement.bind(Int64(message.timeToLive), at: 6)
            try statement.bind(message.expiry.nanoseconds, at: 7)
            try statement.bind(Int64(message.state.rawValue), at: 8)
            try message.data.json.withUnsafeBufferPointer { data in
                try statement.bind(borrowedBlob: data, at: 9)
                try statement.run()
            }
        }
    }

    func markSent(_ numbers: [Int64]) throws {
        let statement = try PreparedStatement(
            "UPDATE message SET state = ? WHERE number = ?", in: database)
        try statement.bind(Int64(PendingMessage.State.sent.rawValue), at: 1)
        for number in numbers {
            try statement.bind(number, at: 2)
            try statement.run()
        }
    }

    func remove(_ numbers: [Int64]) throws {
        let statement = try PreparedStatement("DELETE FROM message WHERE number = ?", in: database)
        for number in numbers {
            try statement.bind(number, at: 1)
            try statement.run()
        }
    }

    /// Of each app the last ones stay. One that is told again becomes the last.
    func remember(_ deliveries: [DeliveryReference]) throws {
        guard !deliveries.isEmpty else { return }
        let insertion = try PreparedStatement(
            "REPLACE INTO delivery (category, origin, message_id) VALUES (?, ?, ?)", in: database)
        let removal = try PreparedStatement(
            """
            DELETE FROM delivery WHERE category = ?1 AND number <= (
                SELECT number FROM delivery WHERE category = ?1
                ORDER BY number DESC LIMIT 1 OFFSET ?2)
            """, in: database)
        for delivery in deliveries {
            try insertion.bind(delivery.category.text, at: 1)
            try insertion.bind(delivery.from.text, at: 2)
            try insertion.bind(delivery.id.text, at: 3)
            try insertion.run()
            try removal.bind(delivery.category.text, at: 1)
            try removal.bind(Int64(Limits.rememberedDeliveries), at: 2)
            try removal.run()
        }
    }

    func raiseMessageCounter(to counter: Int64) throws {
        let statement = try PreparedStatement(
            "UPDATE meta SET message_counter = ?1 WHERE message_counter < ?1", in: database)
        try statement.bind(counter, at: 1)
        try statement.run()
    }
}
