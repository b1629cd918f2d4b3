internal import Glibc

/// Reading and writing of key and certificate files.
enum TrustFile {
    /// A bundle of all the world's CAs has some 250 KB; a wrong path may lead to anything.
    static let longest = 4 << 20

    /// In doubt it is there: what seems to be missing is made anew. A link that leads nowhere
    /// counts, its target may be on a disk that is not mounted.
    static func exists(_ path: String) -> Bool {
        faccessat(AT_FDCWD, path, F_OK, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT
    }

    static func read(_ path: String) throws(TrustError) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { throw .missing(path: path) }
            throw .unreadable(path: path, reason: lastError())
        }
        defer { close(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16384)
        while true {
            let count = Glibc.read(file, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw .unreadable(path: path, reason: lastError())
            }
            guard count > 0 else { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= longest else {
                throw .unreadable(path: path, reason: "more than \(longest) bytes")
            }
        }
    }

    /// Replaces the file as a whole: a reader, or a crash, finds the old bytes or the new ones.
    /// The caller keeps other writers of the same path away.
    static func write(_ bytes: [UInt8], to path: String, mode: mode_t) throws(TrustError) {
        let draft = path + ".new"
        // A draft left by a crash may have another mode, and `open` would keep it.
        unlink(draft)
        let file = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard file >= 0 else { throw .unwritable(path: path, reason: lastError()) }
        let written = writeAll(bytes, to: file) && fchmod(file, mode) == 0 && fsync(file) == 0
        let reason = lastError()
        close(file)
        guard written else {
            unlink(draft)
            throw .unwritable(path: path, reason: reason)
        }
        guard rename(draft, path) == 0 else {
            throw .unwritable(path: path, reason: lastError())
        }
    }

    private static func writeAll(_ bytes: [UInt8], to file: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Makes the directory and those above it, for this user only; an existing one stays as it is.
    static func makeDirectory(_ path: String) throws(TrustError) {
        if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash != path.startIndex else {
            throw .unwritable(path: path, reason: lastError())
        }
        try makeDirectory(String(path[..<slash]))
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw .unwritable(path: path, reason: lastError())
        }
    }

    /// Makes the names of renamed files survive a power cut.
    static func syncDirectory(_ path: String) {
        let directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { return }
        fsync(directory)
        close(directory)
    }

    static func lastError() -> String {
        String(cString: strerror(errno))
    }
}
