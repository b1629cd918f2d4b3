package import GRDB

/// What a database file holds: how we know our own, and the steps of its schema.
package struct SQLiteFormat: Sendable {
    /// Stands in the file's header (SQLite `application_id`).
    package let applicationID: Int32
    /// As in "FILE is not …", such as "a relay's store".
    package let name: String
    package let migrator: DatabaseMigrator

    package init(applicationID: Int32, name: String, migrator: DatabaseMigrator) {
        self.applicationID = applicationID
        self.name = name
        self.migrator = migrator
    }
}
