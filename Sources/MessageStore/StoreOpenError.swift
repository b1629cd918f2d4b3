/// Why the file of a store cannot be used; nothing in it was changed.
package struct StoreOpenError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Reason: Sendable {
        /// The directory that should hold the file does not exist.
        case directoryMissing
        /// The file, or its directory, cannot be written.
        case notWritable
        /// The file holds something else than a database.
        case notADatabase
        /// The file is a database of another program, or of another kind than asked for.
        case foreign
        /// A newer version of this program has written the file.
        case newerSchema
        /// Another process, or another store in this process, has the file open.
        case inUse
        /// Anything else: no room on the disk, a damaged file, an input/output error.
        case failed
    }

    package let reason: Reason
    /// What happened, to which file, and what can be done.
    package let description: String

    package init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}
