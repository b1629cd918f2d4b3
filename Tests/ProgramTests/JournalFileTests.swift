import Foundation
import RealPrograms
import Testing

@Suite("serve --journal: what happened, as a file")
struct JournalFileTests {
    private let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
    }

    private var environment: [String: String] { ["XDG_STATE_HOME": home.path] }
    private var file: String { home.file("journal.ndjson") }

    /// Sends one message through a relay with a journal, and ends everybody.
    private func play() async throws -> RelayProgram {
        let relay = try await RelayProgram(["--journal", file], environment: environment)
        let appServer = try AppServerProgram(["run", "--count", "1"], environment: environment)
        _ = try await appServer.event("connected")
        let device = try DeviceProgram(["send", "--data", "hello=world"], environment: environment)
        #expect(try await device.program.exitStatus() == 0)
        #expect(try await appServer.program.exitStatus() == 0)
        relay.program.send(SIGTERM)
        #expect(try await relay.program.exitStatus() == 143)
        return relay
    }

    @Test("Everything is in it to the last event, and no API key; a second life is appended")
    func complete() async throws {
        _ = try await play()
        let first = try String(contentsOfFile: file, encoding: .utf8)
        let lines = first.split(separator: "\n")
        #expect(lines.first?.contains(#""n":1,"#) == true)
        #expect(lines.first?.contains(#""event":"process.started""#) == true)
        #expect(lines.last?.contains(#""event":"process.stopped""#) == true)
        #expect(lines.count { $0.contains(#""event":"upstream.stanza""#) } == 1)
        #expect(lines.count { $0.contains(#""state":"settled""#) } == 1)
        #expect(!first.contains("demo-key"))
        _ = try await play()
        let second = try String(contentsOfFile: file, encoding: .utf8)
        #expect(second.hasPrefix(first))
        #expect(second.count { $0 == "\n" } > lines.count)
    }

    @Test("A file that takes nothing more costs one line of the log, and the relay goes on")
    func diskFull() async throws {
        let relay = try await RelayProgram(["--journal", "/dev/full"], environment: environment)
        let appServer = try AppServerProgram(["run", "--count", "1"], environment: environment)
        let device = try DeviceProgram(["send", "--data", "hello=world"], environment: environment)
        #expect(try await device.program.exitStatus() == 0)
        #expect(try await appServer.program.exitStatus() == 0)
        #expect(try await relay.metrics(once: "settled", is: 1)["accepted"] == 1)
        relay.program.send(SIGTERM)
        #expect(try await relay.program.exitStatus() == 143)
        let told = relay.program.talk.split(separator: "\n").filter { $0.contains("journal") }
        #expect(told.count == 1, "\(relay.program.talk)")
        #expect(told.first?.contains("/dev/full cannot be written: No space left") == true)
    }

    @Test(
        "A file that cannot be made, and one of a journal that is none",
        arguments: [
            (["--journal", "/proc/journal"], 73, "/proc/journal cannot be written"),
            (
                ["--journal", "journal.ndjson", "--journal-limit", "0"], 78,
                "--journal-limit 0 keeps none"
            ),
        ])
    func refused(arguments: [String], status: Int, sentence: String) async throws {
        let anyPort = [
            "--port", "0", "--preprod-port", "0", "--device-port", "0", "--admin-port", "0",
        ]
        let relay = try RealProgram(
            "gcm-relay", ["serve", "--state-dir", home.path] + anyPort + arguments)
        #expect(try await relay.exitStatus() == Int32(status))
        #expect(relay.talk.contains(sentence), "\(relay.talk)")
    }
}
