import Foundation
import RealPrograms
import Testing

@Suite("gcm-relay scenario sweep plays seeds", .serialized)
struct ScenarioSweepTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func sweep(
        _ arguments: String...
    ) async throws -> (status: Int32, lines: [String], talk: String) {
        let program = try RealProgram("gcm-relay", ["scenario", "sweep"] + arguments)
        let status = try await program.exitStatus()
        return (status, program.linesSoFar, program.talk)
    }

    /// A short play.
    private func file(
        _ name: String, marks: String = "any-seed: true", times: Int = 1, ack: String = "at-once"
    ) throws -> String {
        try directory.write(
            """
            scenario: a message arrives
            \(marks)
            ends: {after: 20s}
            cast:
              phone: {role: device, sender-id: "4711"}
              tablet: {role: device, sender-id: "4711"}
              shop: {role: app-server, sender-id: "4711", ack: \(ack)}
            steps:
              - shop: connects
              - phone: goes-online
              - wait: 1s
                tablet: goes-online
              - phone: {sends: {id: m-1, data: {k: "a, b"}}}
              - wait: 1s
                tablet: goes-offline
            expect:
              - shop: {receives: m-1, times: \(times)}

            """, to: name)
    }

    // MARK: What comes of it

    @Test("What holds is counted, and one seed is one")
    func good() async throws {
        var (status, lines, talk) = try await sweep("--seeds", "4")
        #expect(status == 0, "\(talk)")
        #expect(lines.count == 1 && lines[0].hasPrefix("1 seed held, in "), "\(lines)")
        (status, lines, talk) = try await sweep(try file("good.yaml"), "--seeds", "1..3")
        #expect(status == 0, "\(talk)")
        #expect(lines.count == 1 && lines[0].hasPrefix("3 seeds held, in "), "\(lines)")
    }

    @Test("An expectation of any-seed that is not met: 1, with its report and no file")
    func failedExpectation() async throws {
        let path = try file("bad.yaml", times: 2)
        let output = directory.file("small.yaml")
        let (status, lines, _) = try await sweep(path, "--seeds", "3..5", "--output", output)
        #expect(status == 1)
        #expect(lines.contains("     came: once"), "\(lines)")
        #expect(lines.contains("  repeat with: gcm-relay scenario run \(path) --seed 3"))
        #expect(!FileManager.default.fileExists(atPath: output))
        let unjudged = try file("unjudged.yaml", marks: "seed: 1", times: 2)
        #expect(try await sweep(unjudged, "--seeds", "3..5").status == 0)
    }

    @Test("What must hold and does not: 70, and the smallest play that shows it")
    func violation() async throws {
        // At the end of a play by chance everything must have arrived.
        let path = try file("lost.yaml", marks: "by-chance: true", ack: "never")
        let output = directory.file("small.yaml")
        let (status, lines, talk) = try await sweep(path, "--seeds", "3..5", "--output", output)
        #expect(status == 70, "\(talk)")
        #expect(lines.first?.hasPrefix("\(path), seed 3: everything-arrives: ") == true, "\(lines)")
        #expect(lines.contains("the smallest play that shows it is \(output)"), "\(lines)")
        #expect(lines.last == "repeat with: gcm-relay scenario run \(output)")
        let small = try String(contentsOfFile: output, encoding: .utf8)
        #expect(
            small == """
                scenario: a message arrives
                by-chance: true
                ends: {after: 20s}
                cast:
                  phone: {role: device, sender-id: "4711"}
                steps:
                  - phone: goes-online
                  - phone: {sends: {id: m-1, data: {k: "a, b"}}}
                seed: 3

                """)
        let again = try RealProgram("gcm-relay", ["scenario", "run", output])
        #expect(try await again.exitStatus() == 70)
        #expect(again.linesSoFar.contains { $0.contains("everything-arrives") })
    }

    @Test("A signal ends it, and it says how to go on", arguments: [SIGINT, SIGTERM])
    func ended(by signal: Int32) async throws {
        let program = try RealProgram(
            "gcm-relay", ["scenario", "sweep", "--seeds", "5..10000000"])
        try await program.says(" of 9999996 seeds, ")
        program.send(signal)
        #expect(try await program.exitStatus() == 128 + signal)
        let line = try #require(program.linesSoFar.first)
        let said = try #require(
            line.firstMatch(
                of:
                    /^ended by a signal after (\d+) of 9999996 seeds, which held; go on with --seeds (\d+)\.\.10000000$/
            )?.output, "\(line)")
        let (held, next) = (try #require(Int(said.1)), try #require(Int(said.2)))
        #expect(held > 0 && (6...(5 + held)).contains(next), "\(line)")
    }

    // MARK: What it is asked

    @Test("A file that cannot be written is known before anything is played")
    func output() async throws {
        // Nobody waits for so many.
        let (path, seeds) = (try file("good.yaml"), "1..10000000")
        for (output, problem) in [
            ("\(directory.path)/none/x.yaml", "No such file or directory"),
            ("\(path)/x.yaml", "Not a directory"), (directory.path, "Is a directory"),
            ("/dev/null", "File exists"),
        ] {
            let (status, lines, talk) = try await sweep("--seeds", seeds, "--output", output)
            #expect(status == 73 && lines.isEmpty)
            #expect(talk.contains("\(output) cannot be made: \(problem)"), "\(talk)")
        }
        let (status, _, talk) = try await sweep(path, "--seeds", seeds, "--output", path)
        #expect(status == 64)
        #expect(talk.contains("\(path), which is played"), "\(talk)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).count == 1)
    }

    @Test("A file that is there is left as it is while all goes well")
    func overwriting() async throws {
        let output = try directory.write("mine", to: "mine.yaml")
        #expect(try await sweep("--seeds", "1", "--output", output).status == 0)
        #expect(try String(contentsOfFile: output, encoding: .utf8) == "mine")
    }

    @Test(
        "Seeds that are none: 64, with what is wrong",
        arguments: [
            (["9..3"], "9 is higher than 3"), (["1..x"], "\"x\" is not a whole number"),
            (["1-100"], "\"1-100\" is not a whole"), (["1...5"], "\".5\" is not"),
            (["..5"], "lacks a seed"),
            (["1.."], "lacks a seed"), (["-3..5"], "\"-3\" is not a whole"),
            (["0..18446744073709551616"], "at most 18446744073709551615"),
            (["1..1000000000"], "at most 100000000 seeds"),
            (["1..5", "7..9"], "is there twice"),
        ])
    func seeds(_ seeds: [String], problem: String) async throws {
        let arguments = ["scenario", "sweep"] + seeds.map { "--seeds=\($0)" }
        let program = try RealProgram("gcm-relay", arguments)
        #expect(try await program.exitStatus() == 64)
        #expect(program.talk.contains(problem), "\(program.talk)")
        #expect(program.talk.contains("1..2000"), "\(program.talk)")
    }
}
