import Synchronization

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

    /// Why something was not written, as the system numbers it; 0: all was.
    private static let fault = Atomic<Int32>(0)

    package init() {}

    /// Why something that was to be written is not; nil: all is, or nobody wanted to read it.
    package static var failure: CommandFailure? {
        let fault = fault.load(ordering: .relaxed)
        guard fault != 0 else { return nil }
        return CommandFailure(
            .ioError, "standard output cannot be written: \(String(cString: strerror(fault)))")
    }

    /// Writes what is complete by itself; false: nobody takes it.
    @discardableResult
    package static func print(_ text: String) -> Bool {
        var output = StandardOutput()
        output.append(Array(text.utf8))
        output.flush()
        return !output.isClosed
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
                    if errno != EPIPE { Self.fault.store(errno, ordering: .relaxed) }
                }
            }
        }
    }
}
