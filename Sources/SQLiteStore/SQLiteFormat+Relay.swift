internal import GRDB
internal import SQLiteSupport

extension SQLiteFormat {
    /// The relay's store. A step, once released, is never changed: a new one follows it.
    static var relay: SQLiteFormat {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: firstSchema)
        }
        migrator.registerMigration("2", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: downstream)
        }
        migrator.registerMigration("3", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: groups)
        }
        migrator.registerMigration("4", foreignKeyChecks: .immediate) { database in
            try database.execute(sql: topicOfDelivery)
        }
        // "GCMr"
        return SQLiteFormat(
            applicationID: 0x4743_4D72, name: "a relay's store", migrator: migrator)
    }

    /// Messages that may live as long are in no index by expiry.
    static let longestTimeToLive: Int64 = 86_400

    /// Texts compare by their bytes (BINARY, SQLite's default collation).
    private static let firstSchema = """
        -- One row.
        CREATE TABLE meta (
            -- How often the store was opened.
            life INTEGER NOT NULL,
            -- Every sequence that a message ever had is lower.
            sequence_ceiling INTEGER NOT NULL
        );
        INSERT INTO meta (life, sequence_ceiling) VALUES (0, 1);

        CREATE TABLE sender (
            number INTEGER PRIMARY KEY,
            sender_id TEXT NOT NULL UNIQUE
        );

        CREATE TABLE device (
            id INTEGER PRIMARY KEY,
            secret_hash BLOB NOT NULL,
            -- Upload IDs, oldest first, separated by spaces.
            recent_uploads TEXT NOT NULL
        );

        CREATE TABLE registration (
            number INTEGER PRIMARY KEY,
            device INTEGER NOT NULL,
            category TEXT NOT NULL,
            token TEXT NOT NULL,
            -- Sender IDs in the order of registration, separated by spaces.
            senders TEXT NOT NULL
        );
        CREATE INDEX registration_by_device ON registration (device);

        CREATE TABLE message (
            -- Of the MessageKey. Rows come at the end and mostly leave at the front, so a commit
            -- writes few pages, however many lanes it touches.
            sequence INTEGER PRIMARY KEY,
            -- Sender and lane of the MessageKey.
            lane INTEGER NOT NULL,
            -- Gives device, category and token. Not a foreign key: the check costs a look-up for
            -- each message, and registrations are never deleted.
            registration INTEGER NOT NULL,
            message_id TEXT NOT NULL,
            -- Seconds.
            ttl INTEGER NOT NULL,
            -- Nanoseconds since 1970.
            expiry INTEGER NOT NULL,
            -- JSON text.
            data BLOB NOT NULL
        );
        CREATE INDEX message_by_lane ON message (lane);
        -- A message with the longest time to live expires in the order of arrival, which is that
        -- of the rows: most messages need no place in an index.
        CREATE INDEX message_by_expiry ON message (expiry) WHERE ttl < \(longestTimeToLive);
        """

    /// Mailboxes, topics, and tokens that app servers send to. No foreign keys, as above.
    private static let downstream = """
        -- UpstreamMessage.Kind: 1 is a receipt.
        ALTER TABLE message ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;

        -- 0 once the app unregistered; its row stays for messages that it sent, and for answers.
        ALTER TABLE registration ADD COLUMN is_active INTEGER NOT NULL DEFAULT 1;
        CREATE UNIQUE INDEX registration_by_token ON registration (token);

        CREATE TABLE superseded_token (
            token TEXT PRIMARY KEY,
            registration INTEGER NOT NULL
        ) WITHOUT ROWID;

        -- Rows lie in the order of their mailbox, the large column last: a deposit reads the
        -- beginnings of the rows of one mailbox.
        CREATE TABLE delivery (
            registration INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            -- Number.
            sender INTEGER NOT NULL,
            -- NULL: not collapsible.
            collapse_key TEXT,
            message_id TEXT NOT NULL,
            wants_receipt INTEGER NOT NULL,
            -- Seconds.
            ttl INTEGER NOT NULL,
            -- Nanoseconds since 1970.
            expiry INTEGER NOT NULL,
            -- JSON text.
            content BLOB NOT NULL,
            PRIMARY KEY (registration, sequence)
        ) WITHOUT ROWID;
        CREATE INDEX delivery_by_expiry ON delivery (expiry);

        -- A row for each mailbox that ever overflowed: see DeletionTally.
        CREATE TABLE deletion (
            registration INTEGER PRIMARY KEY,
            dropped INTEGER NOT NULL,
            told INTEGER NOT NULL,
            last_overflow INTEGER NOT NULL
        );

        CREATE TABLE subscription (
            registration INTEGER NOT NULL,
            topic TEXT NOT NULL,
            PRIMARY KEY (registration, topic)
        ) WITHOUT ROWID;
        CREATE INDEX subscription_by_topic ON subscription (topic);
        """

    /// Device groups. No foreign keys, as above.
    private static let groups = """
        CREATE TABLE device_group (
            -- The notification key.
            key TEXT PRIMARY KEY,
            -- Number.
            sender INTEGER NOT NULL,
            name TEXT NOT NULL,
            UNIQUE (sender, name)
        ) WITHOUT ROWID;

        -- At least one row for each group; a member may be registered no more.
        CREATE TABLE group_member (
            key TEXT NOT NULL,
            registration INTEGER NOT NULL,
            PRIMARY KEY (key, registration)
        ) WITHOUT ROWID;
        """

    private static let topicOfDelivery = """
        -- The name of the topic that the message was sent to.
        ALTER TABLE delivery ADD COLUMN topic TEXT;
        """
}
