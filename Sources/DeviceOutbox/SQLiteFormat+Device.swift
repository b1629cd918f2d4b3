internal import GRDB
internal import SQLiteSupport

extension SQLiteFormat {
    /// A device's state file. A step, once released, is never changed: a new one follows it.
    static var device: SQLiteFormat {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: firstSchema)
        }
        migrator.registerMigration("2", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: deliveries)
        }
        // "GCMd"
        return SQLiteFormat(
            applicationID: 0x4743_4D64, name: "a device's state file", migrator: migrator)
    }

    /// Texts compare by their bytes (BINARY, SQLite's default collation).
    private static let firstSchema = """
        -- One row.
        CREATE TABLE meta (
            -- How often the file was opened.
            life INTEGER NOT NULL,
            -- The last automatic message ID.
            message_counter INTEGER NOT NULL
        );
        INSERT INTO meta (life, message_counter) VALUES (0, 0);

        -- What the last check-in returned: no row, or one.
        CREATE TABLE identity (
            device_id INTEGER NOT NULL,
            security_token TEXT NOT NULL
        );

        CREATE TABLE registration (
            -- Counts up, so a renewed registration is the latest.
            number INTEGER PRIMARY KEY,
            category TEXT NOT NULL UNIQUE,
            token TEXT NOT NULL,
            -- Sender IDs in the order of registration, separated by spaces.
            senders TEXT NOT NULL
        );

        CREATE TABLE message (
            -- In the order in which the library took them.
            number INTEGER PRIMARY KEY,
            category TEXT NOT NULL,
            -- The address as the app gave it.
            recipient TEXT NOT NULL,
            message_id TEXT NOT NULL,
            upload_id TEXT NOT NULL,
            -- Seconds.
            ttl INTEGER NOT NULL,
            -- Nanoseconds since 1970.
            expiry INTEGER NOT NULL,
            -- 0: the relay did not yet answer. 1: it took the message, the app was not yet told.
            state INTEGER NOT NULL,
            -- JSON text.
            data BLOB NOT NULL
        );
        """

    private static let deliveries = """
        -- The last downstream messages that each app was told: repeats are not told.
        CREATE TABLE delivery (
            -- Counts up: the order in which they were told.
            number INTEGER PRIMARY KEY,
            category TEXT NOT NULL,
            -- Who sent it.
            origin TEXT NOT NULL,
            message_id TEXT NOT NULL,
            UNIQUE (category, origin, message_id)
        );
        """
}
