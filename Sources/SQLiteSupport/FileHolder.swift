internal import Foundation

/// Who has a database file open.
enum FileHolder {
    /// The process that holds SQLite's lock on the file, where the system tells; nil elsewhere.
    ///
    /// Asked of the kernel's table instead of the file: to open and close the file here would drop
    /// the locks of a store that this very process has open (POSIX `fcntl` locks).
    static func processID(ofLockOn path: String) -> Int? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let inode = attributes?[.systemFileNumber] as? NSNumber else { return nil }
        for line in KernelTable.text(of: "/proc/locks").split(separator: "\n") {
            // 1: POSIX ADVISORY WRITE <pid> <major>:<minor>:<inode> <first byte> <last byte>
            let fields = line.split(separator: " ")
            guard fields.count == 8, fields[1] == "POSIX",
                fields[5].split(separator: ":").last == "\(inode.uint64Value)",
                let first = Int(fields[6]), lockBytes.contains(first), let pid = Int(fields[4]),
                pid > 0
            else { continue }
            return pid
        }
        return nil
    }

    /// Where SQLite puts its locks in a database file (SQLite file locking, "PENDING_BYTE").
    private static let lockBytes = 0x4000_0000..<0x4000_0200
}
