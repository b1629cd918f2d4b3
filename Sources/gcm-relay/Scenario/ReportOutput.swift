import Command

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Where a report goes: a file, standard output or standard error.
final class ReportOutput: Sendable {
    private let descriptor: Int32
    /// As messages call it.
    private let name: String

    /// Makes the file, or empties it, before anything is played: a path that is wrong is known at
    /// once.
    ///
    /// - Parameter path: nil: standard output.
    init(path: String?) throws(CommandFailure) {
        name = path ?? "standard output"
        guard let path else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .cannotCreate, "the report \(path) cannot be made: \(Self.lastError)",
                remedy: "look at the path after --report KIND: and at its permissions")
        }
    }

    private init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
    }

    /// Where the programs talk to people.
    static var standardError: ReportOutput {
        ReportOutput(STDERR_FILENO, name: "standard error")
    }

    deinit {
        if descriptor > STDERR_FILENO { close(descriptor) }
    }

    func write(_ bytes: [UInt8]) throws(CommandFailure) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { bytes in
                #if canImport(Glibc)
                Glibc.write(descriptor, bytes.baseAddress, bytes.count)
                #else
                Musl.write(descriptor, bytes.baseAddress, bytes.count)
                #endif
            }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno != EINTR {
                throw CommandFailure(
                    .ioError, "\(name) cannot be written: \(Self.lastError)")
            }
        }
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}
