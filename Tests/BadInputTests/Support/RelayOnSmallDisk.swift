import Foundation
import Synchronization
import Testing

/// A real `gcm-relay` whose store is on a file system of 4 MiB that nobody else sees.
///
/// The file system lives in a mount namespace of the relay's own, which needs no rights where the
/// system lets users have namespaces; it is gone with the process.
final class RelayOnSmallDisk: Sendable {
    /// Lines of standard output and of the log.
    let output = Diary<String>()
    let log = Diary<String>()
    private let ends = Diary<Int32>()
    private let directory: TemporaryDirectory
    private let process: Process
    /// The parts of the ready line, by name.
    private let ready: [String: String]

    private static let mounting = "mount -t tmpfs -o size=4m tmpfs \"$1\" && shift && exec \"$@\""

    /// Whether this system lets us mount a file system of our own.
    static let isPossible: Bool = {
        guard let directory = try? TemporaryDirectory() else { return false }
        let process = RelayOnSmallDisk.process(on: directory.path, ["true"])
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    init() async throws {
        directory = try TemporaryDirectory()
        let disk = directory.file("disk")
        for path in [disk, directory.file("state")] {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false)
        }
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("gcm-relay").path
        process = Self.process(
            on: disk,
            [
                program, "serve", "--bind", "127.0.0.1", "--port", "0", "--preprod-port", "0",
                "--device-port", "0", "--admin-bind", "127.0.0.1", "--admin-port", "0",
                "--store", "\(disk)/relay.db", "--state-dir", directory.file("state"),
                "--project", "\(TestRelay.sender):\(TestRelay.key)",
            ])
        process.standardOutput = Self.pipe(into: output)
        process.standardError = Self.pipe(into: log)
        let ends = ends
        process.terminationHandler = { ends.write($0.terminationStatus) }
        try process.run()
        let lines = try await output.wait(for: "the ready line") {
            $0.contains { $0.hasPrefix("READY ") }
        }
        let parts = lines.joined(separator: " ").split(separator: " ").map {
            $0.split(separator: "=", maxSplits: 1)
        }
        ready = Dictionary(
            parts.filter { $0.count == 2 }.map { (String($0[0]), String($0[1])) },
            uniquingKeysWith: { first, _ in first })
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    private static func process(on disk: String, _ command: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["unshare", "-rm", "sh", "-c", mounting, "sh", disk] + command
        return process
    }

    private static func pipe(into diary: Diary<String>) -> Pipe {
        let pipe = Pipe()
        let splitter = LineSplitter()
        pipe.fileHandleForReading.readabilityHandler = { handle in
            let data = handle.availableData
            if data.isEmpty { handle.readabilityHandler = nil }
            for line in splitter.lines(with: data) { diary.write(line) }
        }
        return pipe
    }

    // MARK: Its doors

    var trustedCAFile: String { ready["ca"] ?? "" }
    var port: Int { port(in: "xmpp") }
    var devicePort: Int { port(in: "device") }

    private func port(in part: String) -> Int {
        ready[part]?.split(separator: ":").last.flatMap { Int($0) } ?? 0
    }

    /// The answer of the admin port, head and body.
    func get(_ path: String) async throws -> String {
        let client = try await RawClient(plainPort: port(in: "admin"))
        try await client.send(
            "GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return try await client.untilClosed()
    }

    /// A counter of `/metrics`.
    func metric(_ name: String) async throws -> Int {
        let line = try await get("/metrics").split(separator: "\n").first {
            $0.hasPrefix("gcm_relay_\(name) ")
        }
        return try #require(line?.split(separator: " ").last.flatMap { Int($0) })
    }

    func logged(_ sentence: String) async throws {
        try await log.wait(for: "\"\(sentence)\" in the log") {
            $0.contains { $0.contains(sentence) }
        }
    }

    // MARK: Its disk

    /// The file system as the relay's process sees it.
    private var ballast: String {
        "/proc/\(process.processIdentifier)/root" + directory.file("disk/ballast")
    }

    /// Leaves no byte free.
    func fillDisk() throws {
        let file = open(ballast, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        try #require(file >= 0)
        defer { close(file) }
        for size in [65_536, 1] {
            let bytes = [UInt8](repeating: 0x55, count: size)
            while write(file, bytes, size) > 0 {}
            try #require(errno == ENOSPC)
        }
    }

    /// Makes room again.
    func freeDisk() throws {
        try FileManager.default.removeItem(atPath: ballast)
    }

    // MARK: Its end

    /// Ends the relay with SIGTERM, and gives its exit code.
    func end() async throws -> Int32 {
        kill(process.processIdentifier, SIGTERM)
        return try #require(try await ends.wait(for: "the relay's end") { !$0.isEmpty }.first)
    }
}

/// Cuts what comes through a pipe into lines.
private final class LineSplitter: Sendable {
    private let rest = Mutex<[UInt8]>([])

    func lines(with data: Data) -> [String] {
        rest.withLock { rest in
            var lines = (rest + data).split(
                separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            rest = Array(lines.removeLast())
            return lines.map { String(decoding: $0, as: UTF8.self) }
        }
    }
}
