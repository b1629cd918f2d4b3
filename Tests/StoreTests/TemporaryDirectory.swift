import Foundation

/// A directory of its own for a test, removed with everything in it when the test lets go of it.
final class TemporaryDirectory: Sendable {
    let path: String

    init() {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("store-test-\(UUID().uuidString)")
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String {
        "\(path)/\(name)"
    }

    /// Copies a database as a power cut would leave it: file and log, whatever is in them now.
    func copyDatabase(_ name: String, to copy: String) throws {
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(
                atPath: file(name + suffix), toPath: file(copy + suffix))
        }
    }
}
