import Foundation
import RealPrograms
import Testing

@Suite("gcm-relay scenario plays, checks, lists and shows files")
struct ScenarioCommandTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    private func scenario(
        _ arguments: String...
    ) async throws -> (status: Int32, lines: [String], talk: String) {
        let program = try RealProgram("gcm-relay", ["scenario"] + arguments)
        let status = try await program.exitStatus()
        return (status, program.linesSoFar, program.talk)
    }

    /// A short play.
    private func file(
        _ name: String, expect: String = "{receives: m-1, times: 1}", steps: String = "",
        shop: String = "role: app-server", ends: String = "5s"
    ) throws -> String {
        try directory.write(
            """
            scenario: a message arrives
            about: what is sent comes
            reported-in: [R1]
            seed: 3
            ends: {after: \(ends)}
            cast:
              phone: {role: device, sender-id: "4711"}
              shop: {\(shop), sender-id: "4711"}
            steps:
              - shop: connects
              - phone: goes-online
              - phone: {sends: {id: m-1, data: {k: v}}}
            \(steps)
            expect:
              - shop: \(expect)

            """, to: name)
    }

    // MARK: run

    @Test("What is good is one line and 0; several files have a summary")
    func good() async throws {
        let (one, other) = (try file("one.yaml"), try file("other.yaml"))
        var (status, lines, talk) = try await scenario("run", one)
        #expect(status == 0 && talk.isEmpty, "\(talk)")
        #expect(lines.count == 1)
        #expect(
            lines[0].hasPrefix("ok     \(one): a message arrives (1 of 1 expectations, "),
            "\(lines)")
        #expect(lines[0].hasSuffix(" of play, seed 3, virtual)"), "\(lines)")
        (status, lines, talk) = try await scenario("run", one, other, "--seed", "8")
        #expect(status == 0 && lines.count == 3)
        #expect(lines[1].contains("seed 8"))
        #expect(lines[2].hasPrefix("2 scenarios: 2 ok; "), "\(lines)")
    }

    @Test("An expectation that is not met: 1, with what came and how to repeat it")
    func failing() async throws {
        let (good, bad) = (
            try file("good.yaml"), try file("bad.yaml", expect: "{receives: m-1, times: 2}")
        )
        let (status, lines, _) = try await scenario("run", bad, good)
        #expect(status == 1)
        #expect(lines.contains("     came: once"), "\(lines)")
        #expect(lines.contains("  repeat with: gcm-relay scenario run \(bad) --seed 3"))
        #expect(lines.last?.hasPrefix("2 scenarios: 1 ok, 1 FAILED; ") == true, "\(lines)")
    }

    @Test("What a step waits for does not come: 75; a step that cannot be done: 1")
    func brokeOff() async throws {
        let waits = try file("waits.yaml", steps: "  - until: {match: event=app.error, within: 2s}")
        var (status, lines, _) = try await scenario("run", waits)
        #expect(status == 75)
        #expect(lines.contains("  \(waits):13:5: nothing matched event=app.error within 2s"))
        let cuts = try file("cuts.yaml", steps: "  - wait: 1s\n    shop: {acks: {id: m-9}}")
        (status, lines, _) = try await scenario("run", cuts)
        #expect(status == 1, "\(lines)")
    }

    @Test("Files that do not parse: 65, every problem of every file, and nothing is played")
    func unparsable() async throws {
        let good = try file("good.yaml")
        let bad = try directory.write("scenario: s\ncats: {}\nsteps: [{shop: flies}]\n", to: "b")
        let huge = try directory.write(String(repeating: "# x\n", count: 300_000), to: "huge")
        let none = directory.file("none.yaml")
        let paths = [good, bad, huge, none, directory.path]
        for command in ["run", "check"] {
            let program = try RealProgram("gcm-relay", ["scenario", command] + paths)
            #expect(try await program.exitStatus() == 65)
            let talk = program.talk
            for part in [
                "error: \(bad):2:1: ", "did you mean \"cast\"?", "error: \(bad):3:",
                "error: \(huge): the file has 1200000 bytes",
                "error: \(none): there is no such file",
                "error: \(directory.path): this is a directory",
            ] {
                #expect(talk.contains(part), "\(part)\n\(talk)")
            }
            #expect(program.linesSoFar == (command == "run" ? [] : ["\(good) is good"]))
        }
    }

    @Test("Live plays are given over TLS, and faster on demand")
    func live() async throws {
        let play = try file("play.yaml")
        let (status, lines, talk) = try await scenario(
            "run", play, "--driver", "live", "--time-scale", "2")
        #expect(status == 0 && talk.isEmpty, "\(talk)")
        #expect(lines.count == 1 && lines[0].hasSuffix(" of play, seed 3, live)"), "\(lines)")
    }

    @Test("Live plays given side by side took as long as the clock says, not as all together")
    func sideBySide() async throws {
        let plays = try (1...4).map { try file("play-\($0).yaml") }
        let began = ContinuousClock.now
        let program = try RealProgram(
            "gcm-relay", ["scenario", "run", "--driver", "live", "--time-scale", "2"] + plays)
        #expect(try await program.exitStatus() == 0)
        let waited = ContinuousClock.now - began
        let last = try #require(program.linesSoFar.last)
        let took = try #require(last.firstMatch(of: /of play in ([0-9.]+)s$/)?.output.1, "\(last)")
        #expect(Duration.seconds(try #require(Double(took))) <= waited, "\(last)")
    }

    @Test(
        "A signal ends live plays, and nothing of them is left",
        arguments: [SIGINT, SIGTERM])
    func ended(by signal: Int32) async throws {
        let temporary = directory.file("temporary")
        try FileManager.default.createDirectory(
            atPath: temporary, withIntermediateDirectories: true)
        let folder = directory.file("reports")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let reports = ["json:\(folder)/a.json", "html:\(folder)/a.html"]
        let short = try file("short.yaml", ends: "1s")
        let long = try file(
            "long.yaml", steps: "  - wait: 5m\n    phone: goes-offline", ends: "10m")
        let program = try RealProgram(
            "gcm-relay",
            ["scenario", "run", short, long, "--driver", "live"]
                + reports.flatMap { ["--report", $0] },
            environment: ["TMPDIR": temporary])
        _ = try await program.first("the end of the short play") { $0 }
        let names = try FileManager.default.contentsOfDirectory(atPath: temporary)
        #expect(
            Set(names.map { $0.split(separator: "-")[1] }) == ["play", "trust"], "\(names)")
        program.send(signal)
        #expect(try await program.exitStatus() == 128 + signal)
        #expect(program.linesSoFar.first?.hasPrefix("ok ") == true, "\(program.linesSoFar)")
        // A report is whole, or not there.
        for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
            #expect(["a.json", "a.html"].contains(name))
            #expect(try !Data(contentsOf: URL(filePath: "\(folder)/\(name)")).isEmpty)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
    }

    @Test(
        "A signal ends plays in virtual time, and the reports are on those before",
        arguments: [SIGINT, SIGTERM])
    func endedInVirtualTime(by signal: Int32) async throws {
        let short = try file("short.yaml")
        // A day of keepalives, each.
        let long = try file(
            "long.yaml", steps: "  - wait: 24h\n    phone: goes-offline", ends: "25h")
        let (json, junit) = (directory.file("x.json"), directory.file("x.xml"))
        let program = try RealProgram(
            "gcm-relay",
            ["scenario", "run", "--report", "json:\(json)", "--report", "junit:\(junit)", short]
                + Array(repeating: long, count: 200))
        _ = try await program.first("the end of the first play") { $0 }
        program.send(signal)
        #expect(try await program.exitStatus() == 128 + signal)
        let said = try #require(
            program.talk.firstMatch(
                of: /ended by a signal after (\d+) of 201 plays, (\d+) ok; the next would be (.+)/
            )?.output, "\(program.talk)")
        #expect(said.1 == said.2 && said.3 == long, "\(program.talk)")
        let lines = try String(contentsOfFile: json, encoding: .utf8).split(separator: "\n")
        #expect("\(lines.count)" == said.1)
        let page = try String(contentsOfFile: junit, encoding: .utf8)
        #expect(page.hasSuffix("</testsuites>\n"))
    }

    @Test("A file that makes no sense on real sockets is skipped there, and alone it is 78")
    func virtualOnly() async throws {
        let path = try file("virtual.yaml")
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try (text + "driver: {virtual-only: it takes a night}\n")
            .write(toFile: path, atomically: true, encoding: .utf8)
        let (status, _, talk) = try await scenario("run", path, "--driver", "live")
        #expect(status == 78)
        #expect(talk.contains("skipped \(path): virtual only: it takes a night"), "\(talk)")
    }

    @Test("An app server under test that never comes: 75, after it was told where to go")
    func nobodyCame() async throws {
        let path = try file("external.yaml", shop: "role: external")
        let program = try RealProgram(
            "gcm-relay", ["scenario", "run", path, "--driver", "live", "--time-scale", "10"],
            environment: ["XDG_STATE_HOME": directory.path])
        #expect(try await program.exitStatus() == 75)
        #expect(program.talk.contains("shop is waited for at 127.0.0.1 port "), "\(program.talk)")
        #expect(program.talk.contains("/gcm-simulator/ca.pem"), "\(program.talk)")
        #expect(program.talk.contains("with the password demo-key"), "\(program.talk)")
        let lines = program.linesSoFar
        #expect(
            lines.first?.hasPrefix("absent \(path): a message arrives (nothing was played, ")
                == true)
        let reason = /:10:5: shop did not come: it was waited for [45] s at 127\.0\.0\.1 port \d+/
        #expect(lines.dropFirst().first?.contains(reason) == true, "\(lines)")
        #expect(lines.allSatisfy { !$0.contains("FAILED") }, "\(lines)")
    }

    @Test("A time scale is for live plays, and not just any")
    func timeScale() async throws {
        let play = try file("play.yaml")
        var (status, _, talk) = try await scenario("run", play, "--time-scale", "20")
        #expect(status == 78 && talk.contains("--driver live"), "\(talk)")
        (status, _, talk) = try await scenario(
            "run", play, "--driver", "live", "--time-scale", "0")
        #expect(status == 64 && talk.contains("from 1 to 1000"), "\(talk)")
    }

    @Test("An app server under test needs the live driver: skipped, and alone it is 78")
    func external() async throws {
        let (good, external) = (
            try file("good.yaml"), try file("external.yaml", shop: "role: external")
        )
        var (status, lines, talk) = try await scenario("run", good, external)
        #expect(status == 0)
        #expect(talk.contains("skipped \(external): an app server under test needs"), "\(talk)")
        #expect(lines.last?.hasPrefix("2 scenarios: 1 ok, 1 skipped; ") == true, "\(lines)")
        (status, lines, talk) = try await scenario("run", external)
        #expect(status == 78)
        #expect(talk.contains("error: nothing was played"), "\(talk)")
    }

    @Test(
        "Usage: 64, with what is there",
        arguments: [
            (["--report", "josn"], "did you mean \"json\"?"),
            (["--report", "html:"], "has no file"),
            (["--report", "json", "--report", "text"], "two reports go to standard output"),
            (["--report", "json:/a", "--report", "text:/a"], "two reports go to /a"),
            (["--report", "json:/a", "--report", "text:/./a"], "two reports go to /./a"),
            (["--driver", "vitual"], "did you mean \"virtual\"?"),
            (["--seed", "x"], "\"x\" is no seed; write a whole number from 0 to"),
            (["--seed", "-1"], "\"-1\" is no seed"),
            (["--seed", "99999999999999999999"], "\"99999999999999999999\" is no seed"),
            (["--tme-scale"], "--tme-scale"),
        ])
    func usage(arguments: [String], problem: String) async throws {
        let program = try RealProgram(
            "gcm-relay", ["scenario", "run", try file("good.yaml")] + arguments)
        #expect(try await program.exitStatus() == 64)
        #expect(program.talk.contains(problem), "\(program.talk)")
        #expect(program.linesSoFar.isEmpty)
    }

    // MARK: Reports

    @Test("No report is written over what is played")
    func overwriting() async throws {
        let path = try file("good.yaml")
        let before = try String(contentsOfFile: path, encoding: .utf8)
        let dotted = path.replacing("/good.yaml", with: "/./good.yaml")
        let (status, _, talk) = try await scenario("run", path, "--report", "json:\(dotted)")
        #expect(status == 64 && talk.contains("which is played"), "\(talk)")
        #expect(try String(contentsOfFile: path, encoding: .utf8) == before)
    }

    @Test("Each kind of report into a file of its own, and text on standard output")
    func reports() async throws {
        let file = try file("good.yaml")
        let kinds = ["text", "json", "junit", "html", "ndjson"]
        let arguments = kinds.flatMap { ["--report", "\($0):\(directory.file($0))"] }
        let program = try RealProgram("gcm-relay", ["scenario", "run", file] + arguments)
        #expect(try await program.exitStatus() == 0)
        let texts = try kinds.map {
            try String(contentsOfFile: directory.file($0), encoding: .utf8)
        }
        #expect(program.linesSoFar.map { $0 + "\n" } == [texts[0]])
        for (text, start) in zip(
            texts,
            [
                "ok     ", #"{"scenario":"a message arrives","file":"#, "<?xml version=",
                "<!DOCTYPE html>", #"{"n":1,"ts":"1970-01-01T00:00:00.000000000Z","#,
            ])
        {
            #expect(text.hasPrefix(start), "\(text.prefix(80))")
        }
    }

    @Test("The same file and seed give the same journal in two processes")
    func sameBytes() async throws {
        let file = try file("good.yaml")
        let (_, first, _) = try await scenario("run", file, "--report", "ndjson")
        let (_, second, _) = try await scenario("run", file, "--report", "ndjson")
        let (_, other, _) = try await scenario("run", file, "--report", "ndjson", "--seed", "4")
        #expect(first.count > 20)
        #expect(first == second)
        #expect(first != other)
    }

    @Test("A report that cannot be made: 73, before anything is played; not written: 74")
    func badReports() async throws {
        let file = try file("good.yaml")
        var (status, lines, talk) = try await scenario(
            "run", file, "--report", "junit:\(directory.path)/none/x.xml")
        #expect(status == 73 && lines.isEmpty)
        #expect(talk.contains("/none/x.xml cannot be made: No such file"), "\(talk)")
        // What was there before stays, and nothing else is there.
        let good = try directory.write("what was there", to: "good.json")
        (status, lines, talk) = try await scenario(
            "run", file, "--report", "json:\(good)", "--report", "html:\(directory.path)/none/x")
        #expect(status == 73 && lines.isEmpty)
        #expect(try String(contentsOfFile: good, encoding: .utf8) == "what was there")
        let names = try FileManager.default.contentsOfDirectory(atPath: directory.path)
        #expect(names.sorted() == ["good.json", "good.yaml"])
        (status, lines, talk) = try await scenario("run", file, "--report", "json:/dev/full")
        #expect(status == 74)
        #expect(talk.contains("/dev/full cannot be written: No space"), "\(talk)")
    }

    // MARK: list and show

    @Test("A directory is listed in order, with what the files show and who reported it")
    func list() async throws {
        let (b, a) = (try file("b.yaml", shop: "role: external"), try file("a.json.yaml"))
        _ = try directory.write("no scenario", to: "notes.txt")
        var (status, lines, talk) = try await scenario("list", directory.path)
        #expect(status == 0 && talk.isEmpty)
        #expect(
            lines == [
                "\(a): a message arrives", "    what is sent comes",
                "    reported in R1; virtual or live",
                "\(b): a message arrives", "    what is sent comes", "    reported in R1; live",
            ])
        (status, lines, talk) = try await scenario("list", directory.path, "--json")
        #expect(
            lines.first == #"{"file":"\#(a)","scenario":"a message arrives","#
                + #""about":"what is sent comes","reported_in":["R1"],"#
                + #""drivers":["virtual","live"],"seed":3}"#)
        let bad = try directory.write("scenario: [", to: "c.yaml")
        (status, lines, talk) = try await scenario("list", directory.path)
        #expect(status == 65 && lines.count == 6)
        #expect(talk.contains("error: \(bad):"), "\(talk)")
        (status, lines, talk) = try await scenario("list", directory.file("none"))
        #expect(status == 65)
        #expect(talk.contains("the directory cannot be read"), "\(talk)")
    }

    @Test("What cannot be written on standard output: 74", arguments: ["check", "list", "show"])
    func fullOutput(_ command: String) async throws {
        let path = try file("good.yaml")
        let program = try RealProgram(
            path: "/bin/sh",
            [
                "-c", "exec \"$0\" scenario \"$@\" > /dev/full",
                RealProgram.directory + "/gcm-relay", command,
                command == "list" ? directory.path : path,
            ])
        #expect(try await program.exitStatus() == 74)
        #expect(
            program.talk == "error: standard output cannot be written: No space left on device\n")
    }

    @Test(
        "A file comes from standard input or a pipe, too",
        arguments: [
            "\"$0\" scenario check - < \"$1\"", "cat \"$1\" | \"$0\" scenario check /dev/stdin",
            "mkfifo \"$1.pipe\"; cat \"$1\" > \"$1.pipe\" & \"$0\" scenario check \"$1.pipe\"",
            "printf '\\357\\273\\277' | cat - \"$1\" | \"$0\" scenario check -",
        ])
    func piped(_ command: String) async throws {
        let program = try RealProgram(
            path: "/bin/sh",
            ["-c", command, RealProgram.directory + "/gcm-relay", try file("good.yaml")])
        #expect(try await program.exitStatus() == 0, "\(program.talk)")
        #expect(program.linesSoFar.first?.hasSuffix(" is good") == true)
    }

    @Test("An endless pipe is not read to its end: 65")
    func endless() async throws {
        let (status, _, talk) = try await scenario("check", "/dev/zero")
        #expect(status == 65)
        #expect(talk.contains("/dev/zero: the file has 1048577 bytes or more"), "\(talk)")
    }

    @Test("A file is shown as a play")
    func show() async throws {
        let (status, lines, _) = try await scenario("show", try file("good.yaml"))
        #expect(status == 0)
        #expect(lines.first == "a message arrives")
        #expect(lines.contains("  phone sends m-1 to 4711, with k \"v\"."), "\(lines)")
        #expect(lines.last == "  1. shop receives m-1, once.")
    }
}
