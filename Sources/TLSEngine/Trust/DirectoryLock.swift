internal import Glibc

/// Keeps other processes, and other threads, out of a directory.
enum DirectoryLock {
    /// Waits for whoever has the lock, and has it while `body` runs. The kernel releases it when
    /// the process dies.
    static func hold<Result>(
        _ directory: String, _ body: () throws(TrustError) -> Result
    ) throws(TrustError) -> Result {
        let path = directory + "/lock"
        // Opened for reading: the files of a read-only directory can still be used.
        let file = open(path, O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard file >= 0 else {
            throw .unwritable(path: path, reason: TrustFile.lastError())
        }
        defer { close(file) }
        while flock(file, LOCK_EX) != 0 {
            guard errno == EINTR else {
                throw .unwritable(path: path, reason: TrustFile.lastError())
            }
        }
        return try body()
    }
}
