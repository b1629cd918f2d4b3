import Command

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Where a report goes: a file, standard output or standard error.
///
/// A file is written under a temporary name beside it: what was there before stays until the report
/// is whole.
final class ReportOutput: Sendable {
    private let descriptor: Int32
    /// As messages call it.
    private let name: String
    /// Nil: what is written is where it belongs.
    private let temporary: TemporaryName?

    private struct TemporaryName {
        let path: String
        let target: String
    }

    /// Finds out before anything is played whether the report can be made.
    ///
    /// - Parameter path: nil: standard output.
    init(path: String?) throws(CommandFailure) {
        name = path ?? "standard output"
        guard let path else {
            (descriptor, temporary) = (STDOUT_FILENO, nil)
            return
        }
        var status = stat()
        let exists = stat(path, &status) == 0
        let isPlain = status.st_mode & S_IFMT == S_IFREG
        // Devices and pipes are written as they are.
        guard !exists || isPlain else {
            descriptor = open(path, O_WRONLY | O_CLOEXEC)
            temporary = nil
            guard descriptor >= 0 else { throw Self.cannotMake(path) }
            return
        }
        if exists, access(path, W_OK) != 0 { throw Self.cannotMake(path) }
        // A link stays one.
        let target = exists ? Self.resolved(path) : path
        let name = "\(target).\(getpid()).tmp"
        descriptor = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        temporary = TemporaryName(path: name, target: target)
        guard descriptor >= 0 else { throw Self.cannotMake(path) }
        if exists { fchmod(descriptor, status.st_mode & 0o777) }
    }

    private init(_ descriptor: Int32, name: String) {
        self.descriptor = descriptor
        self.name = name
        temporary = nil
    }

    /// Where the programs talk to people.
    static var standardError: ReportOutput {
        ReportOutput(STDERR_FILENO, name: "standard error")
    }

    /// Nothing is left of a report that was not finished.
    deinit {
        if let temporary { unlink(temporary.path) }
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

    /// The report is whole: it takes the place of what was there.
    func finish() throws(CommandFailure) {
        guard let temporary, rename(temporary.path, temporary.target) != 0 else { return }
        throw CommandFailure(.ioError, "\(name) cannot be written: \(Self.lastError)")
    }

    private static func cannotMake(_ path: String) -> CommandFailure {
        CommandFailure(
            .cannotCreate, "\(path) cannot be made: \(lastError)",
            remedy: "look at the path and at its permissions")
    }

    private static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}
