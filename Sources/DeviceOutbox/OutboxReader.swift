internal import CloudMessaging
internal import GRDB
internal import SQLiteSupport

/// What a device's file holds.
struct OutboxReader {
    private let database: Database

    init(_ database: Database) {
        self.database = database
    }

    func snapshot() throws -> OutboxSnapshot {
        var snapshot = OutboxSnapshot(
            identity: try identity(), registrations: try registrations(), messages: try messages(),
            received: try deliveries())
        try PreparedStatement("SELECT life, message_counter FROM meta", in: database).forEachRow {
            snapshot.life = $0.int64(0)
            snapshot.messageCounter = $0.int64(1)
        }
        return snapshot
    }

    private func identity() throws -> DeviceIdentity? {
        try PreparedStatement("SELECT device_id, security_token FROM identity", in: database)
            .firstRow { row in
                DeviceIdentity(id: DeviceID(row.int64(0)), securityToken: row.text(1) ?? "")
            }
    }

    private func registrations() throws -> [AppRegistration] {
        let statement = try PreparedStatement(
            "SELECT category, token, senders, number FROM registration ORDER BY number",
            in: database)
        var registrations: [AppRegistration] = []
        try statement.forEachRow { row in
            let number = row.int64(3)
            let category = row.text(0).flatMap(Category.init)
            registrations.append(
                AppRegistration(
                    category: try required(category, "category of registration \(number)"),
                    token: RegistrationToken(row.text(1) ?? ""),
                    senders: try WordList.split(row.text(2) ?? "").map {
                        try required(SenderID($0), "senders of registration \(number)")
                    }))
        }
        return registrations
    }

    private func messages() throws -> [PendingMessage] {
        let statement = try PreparedStatement(
            """
            SELECT number, category, recipient, message_id, upload_id, ttl, expiry, state, data
            FROM message ORDER BY number
            """, in: database)
        var messages: [PendingMessage] = []
        try statement.forEachRow { messages.append(try message(in: $0)) }
        return messages
    }

    private func deliveries() throws -> [DeliveryReference] {
        let statement = try PreparedStatement(
            "SELECT category, origin, message_id, number FROM delivery ORDER BY number",
            in: database)
        var deliveries: [DeliveryReference] = []
        try statement.forEachRow { row in
            let number = row.int64(3)
            let category = row.text(0).flatMap(Category.init)
            let id = row.text(2).flatMap(MessageID.init)
            deliveries.append(
                DeliveryReference(
                    category: try required(category, "category of delivery \(number)"),
                    from: row.text(1) ?? "",
                    id: try required(id, "message_id of delivery \(number)")))
        }
        return deliveries
    }

    private func message(in row: PreparedStatement) throws -> PendingMessage {
        let number = row.int64(0)
        func column<Value>(_ value: Value?, _ name: String) throws -> Value {
            try required(value, "\(name) of message \(number)")
        }
        return PendingMessage(
            number: number,
            category: try column(row.text(1).flatMap(Category.init), "category"),
            to: row.text(2) ?? "",
            id: try column(row.text(3).flatMap(MessageID.init), "message_id"),
            uploadID: try column(row.text(4).flatMap(UploadID.init), "upload_id"),
            data: DataPayload(json: row.bytes(8)),
            timeToLive: Int(row.int64(5)),
            expiry: Instant(nanoseconds: row.int64(6)),
            state: try column(PendingMessage.State(rawValue: Int(row.int64(7))), "state"))
    }
}
