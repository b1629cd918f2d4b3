internal import CloudMessaging
internal import GRDB
internal import SQLiteSupport

/// The questions about devices and their registrations.
extension StoreReader {
    /// Nil also when its row is damaged: it may check in anew.
    mutating func device(_ id: DeviceID) throws -> DeviceRecord? {
        let statement = try PreparedStatement(
            "SELECT id, secret_hash, recent_uploads FROM device WHERE id = ?", in: database)
        try statement.bind(id.rawValue, at: 1)
        let device = try sound("device \(id)") { _ in
            try statement.firstRow { try Self.device(in: SuspectRow($0, of: .device)) }
        }
        guard var device = device ?? nil else { return nil }
        device.registrations = try registrations(of: id)
        return device
    }

    private static func device(in suspect: SuspectRow) throws -> DeviceRecord {
        let hash = suspect.row.bytes(1)
        guard !hash.isEmpty else { throw suspect.damage("secret_hash") }
        return DeviceRecord(
            id: DeviceID(suspect.row.int64(0)), secretHash: hash,
            recentUploads: try WordList.split(suspect.text(2, "recent_uploads")).map {
                try suspect.need(UploadID($0), "recent_uploads")
            })
    }

    private mutating func registrations(of device: DeviceID) throws -> [Registration] {
        let statement = try PreparedStatement(
            """
            SELECT number, device, category, token, senders, is_active FROM registration
            WHERE device = ? AND is_active ORDER BY number
            """, in: database)
        try statement.bind(device.rawValue, at: 1)
        var registrations: [Registration] = []
        try sound("a registration of device \(device)") { reader in
            try statement.forEachRow { row in
                let registration = try reader.sound("a registration") { _ in
                    try Self.registration(in: row)
                }
                if let registration { registrations.append(registration) }
            }
        }
        return registrations
    }

    mutating func registration(_ number: Int64) throws -> Registration {
        if let known = knownRegistrations[number] { return known }
        let statement = try PreparedStatement(
            """
            SELECT number, device, category, token, senders, is_active FROM registration
            WHERE number = ?
            """, in: database)
        try statement.bind(number, at: 1)
        let stored = try statement.firstRow(Self.registration)
        let registration = try required(stored, "registration \(number) of a message")
        knownRegistrations[number] = registration
        return registration
    }

    static func registration(in row: PreparedStatement) throws -> Registration {
        let suspect = SuspectRow(row, of: .registration)
        return Registration(
            number: try suspect.integer(0, "number"),
            device: DeviceID(try suspect.integer(1, "device")),
            category: try suspect.need(Category(suspect.text(2, "category")), "category"),
            token: RegistrationToken(try suspect.text(3, "token")),
            senders: try WordList.split(suspect.text(4, "senders")).map {
                try suspect.need(SenderID($0), "senders")
            }, isActive: try suspect.integer(5, "is_active") != 0)
    }
}
