import Foundation
import RealPrograms
import Testing

@Suite("serve --time-scale: the relay's time passes faster")
struct TimeScaleTests {
    private let home: TemporaryDirectory

    init() throws {
        home = try TemporaryDirectory()
    }

    private var environment: [String: String] { ["XDG_STATE_HOME": home.path] }

    /// The times of the transmissions of the one message that was sent.
    private func transmissions(_ journal: String) throws -> [Date] {
        let form = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n")
            .filter { $0.contains("\"event\":\"upstream.stanza\"") }
            .map { line in
                let time = try #require(line.firstMatch(of: /"ts":"(.{23})/)?.output.1)
                return try form.parse(time + "Z")
            }
    }

    @Test(
        "A retry after an hour comes while its test waits, and the journal says that it was an hour"
    )
    func retry() async throws {
        let journal = home.file("journal.ndjson")
        let relay = try await RelayProgram(
            [
                "--time-scale", "1000", "--retry-first", "1h", "--retry-longest", "1h",
                "--retry-jitter", "0", "--journal", journal,
            ], environment: environment)
        #expect(relay.program.talk.contains("time passes 1000 times as fast"))
        let appServer = try AppServerProgram(
            ["run", "--ack", "skip:1", "--count", "1"], environment: environment)
        _ = try await appServer.event("connected")
        let device = try DeviceProgram(
            ["send", "--data", "hello=world", "--ttl", "24h"], environment: environment)
        #expect(try await device.program.exitStatus() == 0)
        #expect(try await appServer.program.exitStatus() == 0)
        relay.program.send(SIGTERM)
        #expect(try await relay.program.exitStatus() == 143)
        let times = try transmissions(journal)
        #expect(times.count == 2)
        let passed = try #require(times.last).timeIntervalSince(try #require(times.first))
        // A thousandth of a second of work between the timer's beginning and the event is one of the
        // relay's seconds.
        #expect(passed > 3_500, "\(times)")
    }

    @Test("A time scale is a whole number from 1 to 1000")
    func range() async throws {
        for scale in ["0", "1001", "-1", "1.5"] {
            let relay = try RealProgram("gcm-relay", ["serve", "--time-scale=\(scale)"])
            #expect(try await relay.exitStatus() == 64)
            #expect(relay.talk.contains("a whole number from 1 to 1000"), "\(relay.talk)")
        }
    }
}
