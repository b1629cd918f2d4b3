internal import CloudMessaging
internal import GRDB
internal import MessageStore
internal import SQLiteSupport

/// Changes of device groups, as SQL; a repeated one does no harm.
struct GroupWriter {
    let database: Database

    func change(_ change: GroupChange) throws -> GroupChangeResult {
        let key = try key(of: change)
        switch change.kind {
        case .join(let newKey):
            return try join(change, key: key ?? newKey, isNew: key == nil)
        case .leave:
            if let key { try leave(change.registration, key) }
            return .left
        }
    }

    private func key(of change: GroupChange) throws -> RegistrationToken? {
        let statement = try PreparedStatement(
            "SELECT key FROM device_group WHERE sender = ? AND name = ?", in: database)
        try statement.bind(Int64(change.sender.rawValue), at: 1)
        try statement.bind(change.name.text, at: 2)
        return try statement.firstRow { RegistrationToken($0.text(0) ?? "") }
    }

    private func join(
        _ change: GroupChange, key: RegistrationToken, isNew: Bool
    ) throws -> GroupChangeResult {
        guard try isActive(change.registration) else { return .unregistered }
        guard let replaced = try members(of: key).replaced(by: change.registration)
        else { return .full }
        for registration in replaced { try remove(registration, key) }
        if isNew {
            let group = try PreparedStatement(
                "INSERT INTO device_group (key, sender, name) VALUES (?, ?, ?)", in: database)
            try group.bind(key.text, at: 1)
            try group.bind(Int64(change.sender.rawValue), at: 2)
            try group.bind(change.name.text, at: 3)
            try group.run()
        }
        let member = try PreparedStatement(
            """
            INSERT INTO group_member (key, registration) VALUES (?, ?) ON CONFLICT DO NOTHING
            """, in: database)
        try member.bind(key.text, at: 1)
        try member.bind(change.registration, at: 2)
        try member.run()
        return .joined(key: key)
    }

    private func isActive(_ registration: Int64) throws -> Bool {
        let statement = try PreparedStatement(
            "SELECT is_active FROM registration WHERE number = ?", in: database)
        try statement.bind(registration, at: 1)
        return try statement.firstRow { $0.int64(0) != 0 } ?? false
    }

    private func members(of key: RegistrationToken) throws -> GroupMembers {
        var members = GroupMembers()
        try StoreReader(database).forEachMember(of: key) { registration, isActive, _ in
            if isActive {
                members.active.append(registration)
            } else {
                members.gone.append(registration)
            }
        }
        return members
    }

    private func leave(_ registration: Int64, _ key: RegistrationToken) throws {
        try remove(registration, key)
        let group = try PreparedStatement(
            """
            DELETE FROM device_group WHERE key = ?1
                AND NOT EXISTS (SELECT * FROM group_member WHERE key = ?1)
            """, in: database)
        try group.bind(key.text, at: 1)
        try group.run()
    }

    private func remove(_ registration: Int64, _ key: RegistrationToken) throws {
        let statement = try PreparedStatement(
            "DELETE FROM group_member WHERE key = ? AND registration = ?", in: database)
        try statement.bind(key.text, at: 1)
        try statement.bind(registration, at: 2)
        try statement.run()
    }
}

extension StoreReader {
    func group(_ key: RegistrationToken) throws -> DeviceGroup? {
        let statement = try PreparedStatement(
            "SELECT sender FROM device_group WHERE key = ?", in: database)
        try statement.bind(key.text, at: 1)
        guard let sender = try statement.firstRow({ $0.int64(0) }) else { return nil }
        guard let number = Int32(exactly: sender), number >= 0 else {
            throw DamagedRow("sender of row \(key) of table device_group is not usable")
        }
        var members: [Int64] = []
        try forEachMember(of: key) { registration, _, _ in members.append(registration) }
        return DeviceGroup(sender: SenderNumber(rawValue: number), members: members)
    }

    /// In the order of their numbers: the number, whether it is active, its token.
    func forEachMember(
        of key: RegistrationToken, _ handle: (Int64, Bool, RegistrationToken) throws -> Void
    ) throws {
        let statement = try PreparedStatement(
            """
            SELECT number, is_active, token FROM group_member
            CROSS JOIN registration ON registration.number = group_member.registration
            WHERE key = ? ORDER BY group_member.registration
            """, in: database)
        try statement.bind(key.text, at: 1)
        try statement.forEachRow { row in
            try handle(row.int64(0), row.int64(1) != 0, RegistrationToken(row.text(2) ?? ""))
        }
    }
}
