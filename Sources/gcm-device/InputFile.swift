import Command
import Foundation

#if canImport(Glibc)
import Glibc
#else
import Musl
#endif

/// Where lines come from; stays open until the process ends.
struct InputFile: Sendable {
    /// How the input is called in messages.
    let name: String
    private let descriptor: Int32

    /// - Parameter path: "-" is standard input.
    init(path: String) throws(CommandFailure) {
        if path == "-" {
            name = "standard input"
            descriptor = STDIN_FILENO
        } else {
            name = path
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw Self.failure(path) }
        }
    }

    /// The next bytes, empty at the end; a terminal or a pipe may keep the caller waiting.
    func read(upTo size: Int) throws(CommandFailure) -> [UInt8] {
        while true {
            var result = 0
            let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
                result = readBytes(descriptor, buffer.baseAddress, size)
                count = max(0, result)
            }
            if result >= 0 { return bytes }
            guard errno == EINTR else { throw Self.failure(name) }
        }
    }

    private static func failure(_ name: String) -> CommandFailure {
        CommandFailure(
            .badData, "\(name) cannot be read: \(String(cString: strerror(errno)))",
            remedy: "see --input")
    }
}

/// The system's call, whose name a method here has taken.
private func readBytes(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ size: Int) -> Int
{
    read(descriptor, buffer, size)
}
