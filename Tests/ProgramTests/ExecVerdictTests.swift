import Foundation
import RealPrograms
import Testing

@Suite("gcm-relay exec judges what its relay saw")
struct ExecVerdictTests {
    private let state: TemporaryDirectory

    init() throws {
        state = try TemporaryDirectory()
    }

    private func exec(_ options: [String], _ script: String) throws -> RealProgram {
        try RealProgram(
            "gcm-relay",
            ["exec", "--state-dir", state.path] + options + ["--", "sh", "-c", script])
    }

    private func file(_ name: String, _ text: String) throws -> String {
        let path = state.file(name)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// One message that its app server acknowledges.
    private var road: String {
        let programs = RealProgram.directory
        return
            "\(programs)/gcm-device send --timeout 60s --state '\(state.file("d.db"))' --data a=b --id m-1 "
            + "&& \(programs)/gcm-appserver run --count 1"
    }

    private static let settled = "expect: [{relay: {message: m-1, state: settled, attempts: 1}}]\n"
    private static let lost = "expect: [{relay: {message: m-1, state: expired}}]\n"

    @Test("Expectations that are met: 0, and a line on standard error, none among the results")
    func met() async throws {
        let exec = try exec(["--verify", file("e.yaml", Self.settled)], road)
        #expect(try await exec.exitStatus() == 0, "\(exec.talk)")
        #expect(exec.talk.contains("1 of 1 expectations"), "\(exec.talk)")
        #expect(exec.linesSoFar.allSatisfy { ProgramEvent(line: $0) != nil })
    }

    @Test("One that is not met: 1, what came instead, and the command that shows it again")
    func unmet() async throws {
        let exec = try exec(["--verify", file("e.yaml", Self.lost)], road)
        #expect(try await exec.exitStatus() == 1)
        #expect(exec.talk.contains("FAILED"), "\(exec.talk)")
        #expect(
            exec.talk.contains(#/repeat with: gcm-relay exec --seed \d+ .*--verify .* -- sh -c /#),
            "\(exec.talk)")
    }

    @Test("What never came is not known of a journal that forgot its beginning")
    func forgotten() async throws {
        let never = "expect: [{never: {match: event=upload}}]\n"
        let exec = try exec(
            ["--journal-limit", "3", "--verify", file("e.yaml", never)], road)
        #expect(try await exec.exitStatus() == 1)
        #expect(exec.talk.contains("the journal forgot events"), "\(exec.talk)")
    }

    @Test("No report has the key of --project")
    func maskedKeys() async throws {
        let json = state.file("report.json")
        let exec = try exec(
            [
                "--verify", file("e.yaml", Self.lost), "--project", "4711:top-secret",
                "--project=4712:top-secret", "--report", "json:\(json)", "--report", "text",
            ], "exit 0")
        #expect(try await exec.exitStatus() == 1)
        let report = try String(contentsOfFile: json, encoding: .utf8)
        for text in [report, exec.talk, exec.linesSoFar.joined(separator: "\n")] {
            #expect(!text.contains("top-secret"), "\(text)")
            #expect(!text.contains("repeat with") || text.contains("4711:***"), "\(text)")
        }
        #expect(report.contains("4711:***"), "\(report)")
    }

    @Test("The command's own code comes first")
    func commandFails() async throws {
        let exec = try exec(["--verify", file("e.yaml", Self.lost)], "exit 3")
        #expect(try await exec.exitStatus() == 3)
        #expect(exec.talk.contains("FAILED"), "\(exec.talk)")
    }

    @Test("What happens a moment after the command has ended counts, too")
    func patience() async throws {
        // In a session of its own it outlives the command.
        let late = try file("late.sh", "touch '\(state.file("began"))'; sleep 0.3; \(road)")
        let exec = try exec(
            ["--verify", file("e.yaml", Self.settled)],
            """
            setsid sh '\(late)' > '\(state.file("talk"))' 2>&1 &
            while ! test -e '\(state.file("began"))'; do sleep 0.01; done
            """)
        #expect(try await exec.exitStatus() == 0, "\(exec.talk)")
    }

    @Test("Reports go where they are told to go")
    func reports() async throws {
        let junit = state.file("report.xml")
        let exec = try exec(
            [
                "--verify", file("e.yaml", Self.settled), "--report", "junit:\(junit)", "--report",
                "json",
            ], "{ \(road); } >&2")
        #expect(try await exec.exitStatus() == 0, "\(exec.talk)")
        #expect(try String(contentsOfFile: junit, encoding: .utf8).contains("failures=\"0\""))
        #expect(exec.linesSoFar.count == 1)
        #expect(exec.linesSoFar.first?.contains(#""good":true"#) == true, "\(exec.linesSoFar)")
    }

    @Test(
        "What cannot be judged is said before the command is run",
        arguments: [
            (["--verify", "E"], "expect: [{relay: {mesage: m-1}}]\n", 65, "mesage"),
            (["--verify", "E"], "cast: {}\n", 65, "expect"),
            (["--report", "junit:r.xml"], "", 78, "--verify"),
            (["--verify", "E", "--report", "jnit:r.xml"], settled, 64, "junit"),
            (
                ["--verify", "E", "--report", "json", "--report", "text"], settled, 64,
                "two reports"
            ),
            (["--verify", "E", "--journal-limit", "0"], settled, 78, "--journal-limit"),
            (["--verify", "/nowhere/e.yaml"], settled, 65, "/nowhere/e.yaml"),
        ] as [([String], String, Int32, String)])
    func refused(options: [String], text: String, code: Int32, hint: String) async throws {
        let path = try file("e.yaml", text)
        let exec = try exec(options.map { $0 == "E" ? path : $0 }, "echo begun")
        #expect(try await exec.exitStatus() == code)
        #expect(exec.talk.contains(hint), "\(exec.talk)")
        #expect(exec.linesSoFar.isEmpty)
    }
}
