import Faults
import Foundation
import Journal
import Scenario
import Testing

@Suite("Files of faults")
struct FaultFileTests {
    private static let expected: [FaultRule] = {
        do {
            return [
                try FaultRule(
                    on: .upstreamAck, match: Match(parsing: #"data.parcel~"^1""#), do: .drop,
                    .times(2)),
                try FaultRule(
                    on: .downstreamAnswer, do: .nack(code: "INTERNAL_SERVER_ERROR"),
                    .probability(0.25)),
                try FaultRule(on: .connection, do: .delay(.milliseconds(250))),
            ]
        } catch {
            preconditionFailure("\(error)")
        }
    }()

    private static let goodFiles = [
        """
        # the first ACKs of some parcels get lost
        - {on: upstream.ack, match: 'data.parcel~"^1"', do: drop, times: 2}
        - on: downstream.answer
          do: nack
          code: INTERNAL_SERVER_ERROR
          probability: 0.25
        - on: connection
          do: delay
          delay: 250ms
        """,
        #"""
        [{"on":"upstream.ack","match":"data.parcel~\"^1\"","do":"drop","times":2},
         {"on":"downstream.answer","do":"nack","code":"INTERNAL_SERVER_ERROR","probability":0.25},
         {"on":"connection","do":"delay","delay":"250ms"}]
        """#,
    ]

    @Test("A list is read, as YAML and as JSON, in its order", arguments: goodFiles)
    func good(_ text: String) throws {
        #expect(try FaultFile.read(text, path: "f.yaml") == Self.expected)
    }

    @Test("There may be none")
    func none() throws {
        #expect(try FaultFile.read("[]", path: "f.yaml").isEmpty)
    }

    @Test("What is wrong has its place, and a hint", arguments: badFiles)
    func bad(_ file: BadFile) throws {
        let error = try #require(throws: ScenarioFileError.self) {
            try FaultFile.read(file.text, path: "f.yaml")
        }
        #expect(error.problems.count == 1, "\(error)")
        let first = try #require(error.problems.first).description
        #expect(first.hasPrefix("f.yaml:" + file.problem), "\(first)")
        #expect(file.remedy.isEmpty || first.contains(file.remedy), "\(first)")
    }

    private static let badFiles = [
        BadFile("", "1:1: the file says nothing", "begin with - {on: upstream.ack, do: drop}"),
        BadFile(
            "on: login\ndo: drop", "1:1: the file must be a list of faults, not a mapping",
            "begin each fault with \"- \""),
        BadFile("drop", "1:1: the file must be a list of faults, not drop", "\"- \""),
        BadFile("- drop", "1:3: a fault must be a mapping, not drop", "it knows on, match, do"),
        BadFile("- {}", "1:3: on is missing", "it is one of upstream.stanza"),
        BadFile("-", "1:2: on is missing"),
        BadFile("- on: login", "1:3: do is missing", "refuse"),
        BadFile(
            "- {on: login, does: drop}", "1:15: unknown key \"does\" in a fault",
            "did you mean \"do\"?"),
        BadFile("- {name: f, on: login, do: drop}", "1:4: unknown key \"name\" in a fault"),
        BadFile(
            "- {on: login, do: drop}\n- {on: upstream.akc, do: drop}",
            "2:8: on \"upstream.akc\" is unknown", "did you mean \"upstream.ack\"?"),
        BadFile("- {on: login, do: nack, code: A}", "1:3: nack makes no sense on login", "refuse"),
        BadFile(
            "- {on: login, do: drop, match: \"sender_id=1 and stat=held\"}",
            "1:49: match: unknown field \"stat\"", "state"),
        BadFile("- {on: login, do: delay, delay: 2}", "1:33: delay must be", "250ms"),
        BadFile("- {on: login, do: delay, delay: 0s}", "1:3: delay must be longer than nothing"),
        BadFile("- {on: login, do: drop, times: 0}", "1:3: times must be at least 1"),
        BadFile("- {on: login, do: drop, times: two}", "1:32: times must be a whole number"),
        BadFile("- {on: login, on: login, do: drop}", "1:4: \"on\" is there twice", "leave one"),
        BadFile("- {on: login, do: drop", "2:1: ", "look at the quotes, brackets"),
        BadFile("- {on: login, do: drop}\n---\n- a", "2:1: ", "one file is one list of faults"),
        BadFile(
            "- " + String(repeating: "[", count: 40) + String(repeating: "]", count: 40),
            "1:18: nesting deeper than 16", "no field of a list of faults lies so deep"),
        BadFile(
            String(repeating: "- {on: login, do: drop}\n", count: 101),
            "101:3: a relay has at most 100 faults", "leave this one out, and those after it"),
    ]

    @Test("All that is wrong is told at once")
    func several() throws {
        let text = "- {on: login, do: drip}\n- {on: login, do: drop, times: x}\n- 5"
        let error = try #require(throws: ScenarioFileError.self) {
            try FaultFile.read(text, path: "f.yaml")
        }
        #expect(error.problems.compactMap(\.place?.line) == [1, 2, 3])
    }

    @Test("A file that cannot be read says why")
    func unreadable() throws {
        let directory = FileManager.default.temporaryDirectory
            .appending(path: "faults-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        func problem(_ path: String) throws -> String {
            try #require(throws: ScenarioFileError.self) {
                try FaultFile.load(path: path)
            }.description
        }
        #expect(try problem("/nowhere/f.yaml").contains("there is no such file"))
        #expect(try problem(directory.path).contains("this is a directory"))
        let file = directory.appending(path: "f.yaml")
        try Data([0x2D, 0x20, 0xFF]).write(to: file)
        #expect(try problem(file.path).contains("is no UTF-8"))
        try Data(repeating: 0x20, count: 2_000_000).write(to: file)
        #expect(try problem(file.path).contains("a list of faults at most"))
        try Data("- {on: login, do: refuse}".utf8).write(to: file)
        #expect(try FaultFile.load(path: file.path).count == 1)
    }
}
