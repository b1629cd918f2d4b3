#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Lines for standard output, written together when a batch is complete.
package struct StandardOutput {
    private var bytes: [UInt8] = []
    /// Nobody reads the output any more, or it cannot be written.
    package private(set) var isClosed = false

    package init() {}

    /// Writes what is complete by itself.
    package static func print(_ text: String) {
        var output = StandardOutput()
        output.append(Array(text.utf8))
        output.flush()
    }

    package mutating func append(_ line: [UInt8]) {
        bytes.append(contentsOf: line)
    }

    package mutating func flush() {
        defer { bytes.removeAll(keepingCapacity: true) }
        bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty, !isClosed {
                let count = write(
                    STDOUT_FILENO, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count >= 0 {
                    rest = rest.dropFirst(count)
                } else if errno != EINTR {
                    isClosed = true
                }
            }
        }
    }
}
