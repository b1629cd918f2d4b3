import Command
import Foundation

/// Reads lines from a file or standard input, as they are asked for: nothing runs ahead of the
/// device's queue. Lines end at LF bytes and nowhere else.
actor InputLines {
    /// Bytes that a line may have; a stanza holds less.
    private static let longestLine = 1 << 20

    private let file: FileHandle
    /// Reading may block for as long as nobody types.
    private let queue = DispatchQueue(label: "gcm-device.input")
    private var buffer: [UInt8] = []
    private var isAtEnd = false

    /// - Parameter path: `-` is standard input.
    init(path: String) throws(CommandFailure) {
        if path == "-" {
            file = .standardInput
        } else if let file = FileHandle(forReadingAtPath: path) {
            self.file = file
        } else {
            throw CommandFailure(.badData, "--input \(path) cannot be read")
        }
    }

    /// The next line without its end; nil: there is none. A line that is too long is cut off, so
    /// that it is no JSON any more.
    func next() async -> [UInt8]? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[..<end])
                buffer.removeSubrange(...end)
                return line
            }
            if isAtEnd || buffer.count > Self.longestLine {
                defer { buffer = [] }
                return buffer.isEmpty ? nil : buffer
            }
            let part = await read()
            isAtEnd = part.isEmpty
            buffer += part
        }
    }

    private func read() async -> Data {
        await withCheckedContinuation { continuation in
            queue.async { [file] in continuation.resume(returning: file.availableData) }
        }
    }
}
