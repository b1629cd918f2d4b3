import Foundation
import RealPrograms
import Testing

@Suite("What stands around a program may be missing")
struct StandardStreamsTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    /// Runs one of our programs in the directory, as a shell runs it.
    private func shell(_ program: String, _ words: String) throws -> RealProgram {
        try RealProgram(
            path: "/bin/sh",
            [
                "-c",
                "cd '\(directory.path)' && exec '\(RealProgram.directory)/\(program)' \(words)",
            ],
            environment: ["XDG_STATE_HOME": directory.path])
    }

    @Test("Nobody can hear what a program says: it goes on, and ends as it would")
    func noStandardError() async throws {
        let refused = try shell("gcm-relay", "messages list --admin http://127.0.0.1:1 2>/dev/full")
        #expect(try await refused.exitStatus() == 69)
        let relay = try shell(
            "gcm-relay",
            "serve --port 0 --preprod-port 0 --device-port 0 --admin-port 0 2>/dev/full")
        _ = try await relay.first("the ready line") { $0.contains("READY") ? $0 : nil }
        relay.send(SIGTERM)
        #expect(try await relay.exitStatus() == 143)
    }

    @Test(
        "What cannot be written ends with 74, and a device stays a device",
        arguments: [
            "journal export --output /dev/full", "journal tail --after 0 >/dev/full",
            "journal export >/dev/full", "trust jks -o /dev/full",
        ])
    func fullDevice(words: String) async throws {
        let relay = "\(RealProgram.directory)/gcm-relay"
        let exec = try shell(
            "gcm-relay",
            "exec --state-dir '\(directory.path)' -- sh -c '\"\(relay)\" \(words); echo $?'")
        #expect(try await exec.exitStatus() == 0)
        #expect(exec.linesSoFar.last == "74", "\(exec.linesSoFar) \(exec.talk)")
        var status = stat()
        #expect(stat("/dev/full", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    }

    @Test("A store's path may be one character")
    func shortPath() async throws {
        let relay = try shell(
            "gcm-relay",
            "serve --port 0 --preprod-port 0 --device-port 0 --admin-port 0 --store s")
        _ = try await relay.first("the ready line") { $0.contains("READY") ? $0 : nil }
        relay.send(SIGTERM)
        #expect(try await relay.exitStatus() == 143)
        #expect(FileManager.default.fileExists(atPath: directory.file("s")))
    }
}
