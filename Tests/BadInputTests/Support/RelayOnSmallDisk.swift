import Foundation
import RealPrograms
import Testing

/// A real `gcm-relay` whose store is on a file system of 4 MiB that nobody else sees.
///
/// The file system lives in a mount namespace of the relay's own, which needs no rights where the
/// system lets users have namespaces; it is gone with the process.
final class RelayOnSmallDisk: Sendable {
    private let directory: TemporaryDirectory
    private let program: RealProgram
    private let endpoints: RelayProgram.Endpoints

    private static let mounting = "mount -t tmpfs -o size=4m tmpfs \"$1\" && shift && exec \"$@\""

    /// Whether this system lets us mount a file system of our own.
    static func isPossible() async throws -> Bool {
        let directory = try TemporaryDirectory()
        defer { withExtendedLifetime(directory) {} }
        return try await program(on: directory.path, ["true"]).exitStatus() == 0
    }

    init() async throws {
        directory = try TemporaryDirectory()
        let disk = directory.file("disk")
        for path in [disk, directory.file("state")] {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: false)
        }
        program = try Self.program(
            on: disk,
            [
                RealProgram.directory + "/gcm-relay", "serve", "--bind", "127.0.0.1",
                "--port", "0", "--preprod-port", "0", "--device-port", "0",
                "--admin-bind", "127.0.0.1", "--admin-port", "0",
                "--store", "\(disk)/relay.db", "--state-dir", directory.file("state"),
                "--project", "\(TestRelay.sender):\(TestRelay.key)",
            ])
        endpoints = try await program.first("the ready line") {
            RelayProgram.Endpoints(readyLine: $0)
        }
    }

    private static func program(on disk: String, _ command: [String]) throws -> RealProgram {
        try RealProgram(
            path: "/usr/bin/env", ["unshare", "-rm", "sh", "-c", mounting, "sh", disk] + command)
    }

    // MARK: Its doors

    var trustedCAFile: String { endpoints.ca }
    var port: Int { endpoints.xmpp }
    var devicePort: Int { endpoints.device }

    /// The answer of the admin port, head and body.
    func get(_ path: String) async throws -> String {
        let client = try await RawClient(plainPort: endpoints.admin)
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
        try await program.says(sentence)
    }

    // MARK: Its disk

    /// The file system as the relay's process sees it.
    private var ballast: String {
        "/proc/\(program.pid)/root" + directory.file("disk/ballast")
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
        program.send(SIGTERM)
        return try await program.exitStatus()
    }
}
