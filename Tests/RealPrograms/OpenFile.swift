import Foundation

/// A file descriptor, closed when nobody holds it any more.
final class OpenFile: Sendable {
    let number: Int32

    init(_ number: Int32) {
        self.number = number
    }

    deinit {
        close(number)
    }

    /// Writes everything, unless nobody reads it any more.
    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(number, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { return }
            rest = rest.dropFirst(max(count, 0))
        }
    }

    /// What can be read now, waiting for the first byte; empty at the end.
    func read() -> [UInt8] {
        var count: Int
        var bytes = [UInt8](repeating: 0, count: 65_536)
        repeat {
            count = Foundation.read(number, &bytes, bytes.count)
        } while count < 0 && errno == EINTR
        return Array(bytes.prefix(max(count, 0)))
    }
}
