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
    /// So many bytes of the buffer hold no LF.
    private var searched = 0
    private var isAtEnd = false
    /// The rest of a line that was too long is passed over.
    private var isSkipping = false

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
            if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
                let line = Array(buffer[..<end])
                buffer.removeSubrange(...end)
                searched = 0
                guard isSkipping else { return line }
                isSkipping = false
                continue
            }
            if isAtEnd || isSkipping || buffer.count > Self.longestLine {
                let line = isSkipping ? [] : buffer
                buffer = []
                searched = 0
                isSkipping = !isAtEnd
                if isAtEnd { return line.isEmpty ? nil : line }
                if !line.isEmpty { return line }
            }
            searched = buffer.count
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
