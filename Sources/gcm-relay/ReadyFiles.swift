import Command
import Foundation

/// Files that tell other programs where a relay is, while it is there.
struct ReadyFiles: Sendable {
    let paths: [String]

    init(_ paths: String?...) {
        self.paths = paths.compactMap(\.self)
    }

    /// A file that cannot be written is told; the relay serves all the same.
    func write(_ note: ReadyNote) {
        do {
            for path in paths { try note.write(to: path) }
        } catch {
            Talk.say(error)
        }
    }

    func withdraw() {
        for path in paths { ReadyNote.withdraw(from: path, of: getpid()) }
    }
}
