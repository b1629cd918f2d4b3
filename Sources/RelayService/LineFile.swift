#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// A file that whole lines are appended to.
///
/// Used by one thread at a time.
package final class LineFile: Sendable {
    private let path: String
    private let descriptor: Int32

    /// Opens the file, or makes it; what it has stays.
    package init(path: String) throws(LineFileError) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw LineFileError(path, errno) }
    }

    deinit { close(descriptor) }

    /// Appends all of the lines, or, as far as the file can be cut, none of them.
    func append(_ lines: [UInt8]) throws(LineFileError) {
        let end = lseek(descriptor, 0, SEEK_END)
        var written = 0
        while written < lines.count {
            let count = lines.withUnsafeBytes {
                write(descriptor, $0.baseAddress! + written, $0.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                let error = LineFileError(path, errno)
                // A pipe cannot be cut: what was written stays.
                if end >= 0, written > 0 { _ = ftruncate(descriptor, end) }
                throw error
            }
            written += count
        }
    }
}

/// Why lines cannot be written.
package struct LineFileError: Error, Sendable, CustomStringConvertible {
    package let description: String

    init(_ path: String, _ code: Int32) {
        description = "\(path) cannot be written: \(String(cString: strerror(code)))"
    }
}
