import Command
import Dispatch

/// Reads an input line by line, ended at LF bytes and nowhere else, and never further ahead than
/// one piece.
struct LineReader {
    /// One line.
    enum Line {
        /// Without its LF.
        case text([UInt8])
        /// Longer than any message; it was skipped.
        case tooLong
    }

    /// A message of 4,096 bytes, every byte an escape of six, is far below.
    static let longestLine = 1 << 20
    private static let pieceSize = 64 * 1024

    private let file: InputFile
    private let queue = DispatchQueue(label: "input")
    private var piece: ArraySlice<UInt8> = []
    private var isAtEnd = false

    init(_ file: InputFile) {
        self.file = file
    }

    /// The next line; nil at the end. The last one may lack its LF.
    mutating func next() async throws -> Line? {
        var line: [UInt8] = []
        var isTooLong = false
        while true {
            if piece.isEmpty { try await readPiece() }
            guard !piece.isEmpty else {
                return isTooLong ? .tooLong : line.isEmpty ? nil : .text(line)
            }
            let end = piece.firstIndex(of: UInt8(ascii: "\n"))
            let part = piece[..<(end ?? piece.endIndex)]
            piece = piece[(end.map { $0 + 1 } ?? piece.endIndex)...]
            isTooLong = isTooLong || line.count + part.count > Self.longestLine
            if isTooLong { line = [] } else { line += part }
            if end != nil { return isTooLong ? .tooLong : .text(line) }
        }
    }

    /// On a thread of its own: a terminal or a pipe may keep it waiting for ever.
    private mutating func readPiece() async throws {
        guard !isAtEnd else { return }
        let file = file
        let bytes = try await withCheckedThrowingContinuation { continuation in
            queue.async {
                continuation.resume(with: Result { try file.read(upTo: Self.pieceSize) })
            }
        }
        isAtEnd = bytes.isEmpty
        piece = bytes[...]
    }
}
