import Foundation
import RealPrograms
import Testing

@Suite("gcm-relay record")
struct RecordTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func relay(
        _ arguments: String...
    ) async throws -> (status: Int32, lines: [String], talk: String) {
        let program = try RealProgram("gcm-relay", arguments)
        program.closeInput()
        let status = try await program.exitStatus()
        return (status, program.linesSoFar, program.talk)
    }

    private static let journal = """
        {"n":1,"ts":"2026-01-01T00:00:00.000000000Z","actor":"relay","event":"process.started"}
        {"n":2,"ts":"2026-01-01T00:00:01.000000000Z","actor":"device 7","event":"connection.bound","connection":1}
        {"n":3,"ts":"2026-01-01T00:00:02.000000000Z","actor":"device 7","event":"upload","connection":1,"upload":"u","message_id":"m-1","sender_id":"4711","category":"com.example.demo","direction":"upstream"}
        {"n":4,"ts":"2026-01-01T00:00:02.100000000Z","actor":"relay","event":"message.state","state":"queued","cause":3,"message":1,"message_id":"m-1","from":"t","sender_id":"4711","category":"com.example.demo","direction":"upstream"}

        """

    @Test("A journal becomes a scenario that can be played")
    func records() async throws {
        let journal = try directory.write(Self.journal, to: "relay.ndjson")
        let scenario = directory.path + "/again.yaml"
        var (status, lines, talk) = try await relay("record", "--journal", journal, "-o", scenario)
        #expect(status == 0 && lines.isEmpty && talk.isEmpty, "\(talk)")
        (status, lines, talk) = try await relay("scenario", "run", scenario)
        #expect(status == 0, "\(lines) \(talk)")
        #expect(lines.first?.contains("a recording (1 of 1 expectations") == true, "\(lines)")
    }

    @Test("A running relay's retries become a scenario that plays green, and so does its file")
    func running() async throws {
        let journal = directory.path + "/relay.ndjson"
        let environment = ["XDG_STATE_HOME": directory.path]
        let serving = try await RelayProgram(
            ["--retry-first", "200ms", "--journal", journal], environment: environment)
        let admin = "http://127.0.0.1:\(serving.endpoints.admin)"
        let appServer = try AppServerProgram(
            ["run", "--ack", "skip:2", "--count", "2"], environment: environment)
        _ = try await appServer.event("connected")
        let state = directory.path + "/phone.sqlite"
        for parcel in ["17", "18"] {
            let device = try DeviceProgram(
                ["send", "--state", state, "--id", "m-\(parcel)", "--data", "parcel=\(parcel)"],
                environment: environment)
            #expect(try await device.program.exitStatus() == 0)
        }
        #expect(try await appServer.program.exitStatus() == 0)
        _ = try await serving.metrics(once: "settled", is: 2)

        let scenarios = ["asked", "written"].map { directory.path + "/\($0).yaml" }
        let (status, lines, talk) = try await relay(
            "record", "-o", scenarios[0], "--admin", admin, "--name", "two parcels")
        #expect(status == 0 && lines.isEmpty && talk.isEmpty, "\(talk)")
        serving.program.send(SIGTERM)
        #expect(try await serving.program.exitStatus() == 143)
        let written = try await relay("record", "--journal", journal, "-o", scenarios[1])
        #expect(written.status == 0, "\(written.talk)")
        for scenario in scenarios {
            let text = try String(contentsOfFile: scenario, encoding: .utf8)
            for parcel in ["17", "18"] {
                let expected =
                    #"relay: {message: "m-\#(parcel)", from: phone, state: settled, attempts: 3}"#
                #expect(text.contains(expected), "\(text)")
            }
            let (status, lines, talk) = try await relay("scenario", "run", scenario)
            #expect(status == 0, "\(lines) \(talk)\n\(text)")
        }
    }

    @Test("Two journals are one too many, and a relay that is not there is 69")
    func sources() async throws {
        var (status, _, talk) = try await relay(
            "record", "--admin", "http://127.0.0.1:1", "--journal", "-", "-o", "x.yaml")
        #expect(status == 64 && talk.contains("leave one of them out"), "\(talk)")
        (status, _, talk) = try await relay(
            "record", "--admin", "http://127.0.0.1:1", "-o", directory.path + "/x.yaml")
        #expect(status == 69 && talk.contains("no relay answers"), "\(talk)")
    }

    @Test(
        "What is no journal, or has nothing to play, is 65, and no file is made",
        arguments: [
            ("\nnonsense\n", "/relay.ndjson:2:1: a JSON object was expected"),
            ("", "nobody connected or uploaded anything"),
        ])
    func nothing(text: String, reason: String) async throws {
        let journal = try directory.write(text, to: "relay.ndjson")
        let scenario = directory.path + "/again.yaml"
        let (status, _, talk) = try await relay("record", "--journal", journal, "-o", scenario)
        #expect(status == 65 && talk.contains(reason), "\(talk)")
        #expect(!FileManager.default.fileExists(atPath: scenario))
    }

    @Test("A journal that is not there is 65; a file that cannot be made is 73")
    func files() async throws {
        let missing = directory.path + "/none.ndjson"
        var (status, _, talk) = try await relay("record", "--journal", missing, "-o", "x.yaml")
        #expect(status == 65 && talk.contains("\(missing) cannot be read"), "\(talk)")
        let journal = try directory.write(Self.journal, to: "relay.ndjson")
        (status, _, talk) = try await relay(
            "record", "--journal", journal, "-o", directory.path + "/no/such/folder.yaml")
        #expect(status == 73 && !talk.contains("--report"), "\(talk)")
        #expect(talk.contains("/no/such/folder.yaml cannot be made: No such file"), "\(talk)")
        (status, _, talk) = try await relay("record", "--journal", journal, "-o", journal)
        #expect(status == 64 && talk.contains("is the journal that is read"), "\(talk)")
    }

    @Test("A scenario that expects nothing is said to")
    func nothingExpected() async throws {
        let lines = Self.journal.split(separator: "\n").prefix(2).joined(separator: "\n")
        let journal = try directory.write(lines + "\n" + Self.appServer, to: "relay.ndjson")
        let scenario = directory.path + "/again.yaml"
        let (status, _, talk) = try await relay("record", "--journal", journal, "-o", scenario)
        #expect(status == 0, "\(talk)")
        #expect(talk.contains("\(scenario) expects nothing"), "\(talk)")
    }

    private static let appServer = """
        {"n":3,"ts":"2026-01-01T00:00:02.000000000Z","actor":"app-server","event":"connection.bound","connection":2,"sender_id":"4711"}

        """
}
