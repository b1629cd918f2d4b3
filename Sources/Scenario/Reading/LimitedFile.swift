#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// A file, or standard input, of which only so much is read.
struct LimitedFile {
    private let path: String

    /// Why it is not read.
    enum Fault: Error {
        case absent
        case isDirectory
        /// As the system says it.
        case unreadable(String)
        /// Bytes; nil: it is a pipe, and nobody knows how much is still to come.
        case tooBig(Int?)
    }

    /// - Parameter path: `-`: standard input.
    init(_ path: String) {
        self.path = path
    }

    func bytes(atMost limit: Int) throws(Fault) -> [UInt8] {
        let descriptor = path == "-" ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw errno == ENOENT ? .absent : .unreadable(Self.lastError)
        }
        defer { if descriptor != STDIN_FILENO { close(descriptor) } }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .unreadable(Self.lastError) }
        if status.st_mode & S_IFMT == S_IFDIR { throw .isDirectory }
        if status.st_mode & S_IFMT == S_IFREG, status.st_size > limit {
            throw .tooBig(Int(status.st_size))
        }
        return try Self.read(descriptor, atMost: limit)
    }

    /// To its end: a pipe comes in pieces.
    private static func read(_ descriptor: Int32, atMost limit: Int) throws(Fault) -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let size = piece.count
            #if canImport(Glibc)
            let count = Glibc.read(descriptor, &piece, size)
            #else
            let count = Musl.read(descriptor, &piece, size)
            #endif
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .unreadable(lastError) }
            guard count > 0 else { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= limit else { throw .tooBig(nil) }
        }
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}
