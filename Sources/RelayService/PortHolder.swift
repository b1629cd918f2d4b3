import Foundation

/// Finds out which process listens on a port, as far as this user may see it (Linux: /proc).
enum PortHolder {
    /// How often the table of sockets is read: while others open and close theirs, the kernel may
    /// pass over one that stays.
    private static let readings = 5

    /// "held by gcm-relay (pid 4242)", or nil.
    static func description(ofPort port: Int) -> String? {
        let inodes = (0..<readings).lazy.map { _ in listeningInodes(port: port) }
            .first { !$0.isEmpty }
        guard let inodes else { return nil }
        let manager = FileManager.default
        for process in (try? manager.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let pid = Int(process) else { continue }
            let descriptors = "/proc/\(pid)/fd"
            for descriptor in (try? manager.contentsOfDirectory(atPath: descriptors)) ?? [] {
                let link = try? manager.destinationOfSymbolicLink(
                    atPath: "\(descriptors)/\(descriptor)")
                guard let link, inodes.contains(where: { link == "socket:[\($0)]" })
                else { continue }
                return "held by \(name(of: pid)) (pid \(pid))"
            }
        }
        return "held by a process of another user"
    }

    private static func name(of pid: Int) -> String {
        let name = try? String(contentsOfFile: "/proc/\(pid)/comm", encoding: .utf8)
        return name?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "a process"
    }

    /// Sockets in state LISTEN (0A) on the port.
    private static func listeningInodes(port: Int) -> [Substring] {
        let suffix = ":" + String(format: "%04X", port)
        return ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { table -> [Substring] in
            return text(of: table).split(separator: "\n").dropFirst().compactMap { line in
                let fields = line.split(separator: " ")
                guard fields.count > 9, fields[1].hasSuffix(suffix), fields[3] == "0A"
                else { return nil }
                return fields[9]
            }
        }
    }

    /// A whole file of /proc: it has no size, and Foundation reads only the first 4 KiB of such.
    private static func text(of path: String) -> String {
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
