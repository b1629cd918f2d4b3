internal import Foundation

/// Files of /proc, which say what the kernel knows.
package enum KernelTable {
    /// A whole file; empty where there is none. Such a file has no size, and Foundation reads only
    /// the first 4 KiB of it.
    package static func text(of path: String) -> String {
        guard let file = fopen(path, "r") else { return "" }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 16_384)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }
}
