import CloudMessaging
import Foundation
import Journal
import Scenario
import Testing

@Suite("Reports")
struct ReportTests {
    private func run(
        _ text: String = Example.text, journal: String = Journals.good, failure: PlayFailure? = nil,
        driver: ScenarioRun.Driver = .virtual
    ) throws -> ScenarioRun {
        ScenarioRun(
            try ScenarioFile.read(text, path: "Fixtures/it's.yaml"), path: "Fixtures/it's.yaml",
            driver: driver, seed: 9, evidence: try Journals.evidence(journal), failure: failure,
            took: .milliseconds(12))
    }

    /// The example with another number of times and another state.
    private static let wrong = Example.text
        .replacing("times: 3", with: "times: 4")
        .replacing("state: settled", with: "state: expired")

    @Test("What is good is one line")
    func good() throws {
        let run = try run()
        #expect(run.isGood)
        #expect(
            run.text == """
                ok     Fixtures/it's.yaml: third attempt is acknowledged \
                (4 of 4 expectations, 2.200s of play, seed 9, virtual)

                """)
    }

    @Test("What failed shows what came, what came near, and how to see it again")
    func failed() throws {
        let run = try run(Self.wrong)
        #expect(!run.isGood)
        let text = run.text
        for part in [
            "FAILED Fixtures/it's.yaml: third attempt is acknowledged (2 of 4 expectations",
            "  1. shop receives m-1 of com.example.courier, 4 times\n",
            "     at Fixtures/it's.yaml:16:5\n", "     came: 3 times\n",
            "     looked for: actor=shop and event=upstream.received",
            "     the journal before the end:\n",
            "       0.100s phone app.sent m-1\n",
            "  2. m-1 is expired in the end, after 3 attempts\n",
            "     came: settled after 3 attempts\n",
            "     > 2.200s relay message.state settled #3 m-1\n",
            "  repeat with: gcm-relay scenario run 'Fixtures/it'\\''s.yaml' --seed 9\n",
        ] {
            #expect(text.contains(part), "\(part)\n\(text)")
        }
        #expect(try self.run(driver: .live).command.contains(" --driver live "))
    }

    @Test("Of several plays the last line says what the clock said, though each took its time")
    func tally() throws {
        var tally = RunTally()
        tally.add(try run())
        tally.add(try run(Self.wrong))
        tally.addSkipped()
        tally.took = .milliseconds(15)
        #expect(
            tally.text
                == "3 scenarios: 1 ok, 1 FAILED, 1 skipped; 4.400s of play in 0.015s\n")
    }

    @Test("A play that broke off is no good play")
    func brokeOff() throws {
        let run = try run(
            failure: PlayFailure(.timeout, "until: no event matched within 3s"))
        #expect(!run.isGood)
        #expect(run.text.contains("\n  until: no event matched within 3s\n"))
        #expect(JUnitReport.xml([run]).contains("<error message=\"until: no event"))
    }

    @Test("What must hold in every run and did not is told with its moment")
    func invariant() throws {
        let run = try run(
            failure: PlayFailure(.invariant, "no-loss: m-1 is gone (event 13)", event: 13))
        #expect(
            run.text.contains(
                """
                  no-loss: m-1 is gone (event 13)
                     the journal before it:
                       0.000s phone connection.bound #2
                """), "\(run.text)")
        #expect(run.text.contains("\n     > 2.000s shop connection.opened #3\n"), "\(run.text)")
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(run.json)) as? [String: Any])
        #expect((object["deciding"] as? [String: Any])?["n"] as? Int == 13)
        #expect((object["before"] as? [Any])?.count == 10)
    }

    @Test("No name moves the cursor of a terminal")
    func controlCharacters() throws {
        let text = Example.text.replacing(
            "scenario: third attempt is acknowledged",
            with: #"scenario: "\e[2Jthird\r\n\u0085""#)
        let run = try run(text.replacing("times: 3", with: "times: 4"))
        #expect(run.text.contains(#": \u001B[2Jthird\u000D\n\u0085 ("#), "\(run.text)")
        #expect(run.file.play.hasPrefix(#"\u001B[2Jthird\u000D\n\u0085"# + "\n"))
        let error = try #require(throws: ScenarioFileError.self) {
            try ScenarioFile.read(#"{"scenario": "s", "\u001B[2J": 1}"#, path: "\u{7}.yaml")
        }
        #expect(!"\(error)".unicodeScalars.contains { $0 != "\n" && $0.value < 0x20 }, "\(error)")
    }

    @Test(
        "The command to repeat it is what a shell and we ourselves read",
        arguments: [
            ("-x.yaml", "./-x.yaml"), ("a b.yaml", "'a b.yaml'"), ("-a b.yaml", "'./-a b.yaml'"),
            ("-", "-"),
        ])
    func command(path: String, word: String) throws {
        let run = ScenarioRun(
            try Example.file(), path: path, driver: .virtual, seed: 9,
            evidence: try Journals.evidence(Journals.good))
        #expect(run.command == "gcm-relay scenario run \(word) --seed 9")
    }

    @Test("A play to which nobody came is undecided, whatever it expects")
    func undecided() throws {
        let run = try run(Self.wrong, failure: PlayFailure(.absence, "mine did not come"))
        #expect(
            run.text == """
                absent Fixtures/it's.yaml: third attempt is acknowledged \
                (nothing was played, seed 9, virtual)
                  mine did not come
                  repeat with: gcm-relay scenario run 'Fixtures/it'\\''s.yaml' --seed 9

                """)
        var tally = RunTally()
        tally.add(run)
        #expect(tally.text.hasPrefix("1 scenarios: 0 ok, 1 undecided; "))
        #expect(JUnitReport.xml([run]).contains(#"tests="1" failures="0" errors="1""#))
        #expect(HTMLReport.page([run]).contains("UNDECIDED"))
        #expect(!HTMLReport.page([run]).contains("FAILED"))
    }

    @Test("JSON is one line that parses, and has what the text has")
    func json() throws {
        let bytes = try run(Self.wrong).json
        #expect(bytes.count { $0 == UInt8(ascii: "\n") } == 1)
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any])
        #expect(object["good"] as? Bool == false)
        #expect(object["seed"] as? Int == 9)
        #expect(object["play_ms"] as? Int == 2_200)
        let expectations = try #require(object["expectations"] as? [[String: Any]])
        #expect(expectations.map { $0["met"] as? Bool } == [false, false, true, true])
        #expect(expectations[0]["line"] as? Int == 16)
        #expect((expectations[0]["before"] as? [[String: Any]])?.count == 10)
        let deciding = try #require(expectations[1]["deciding"] as? [String: Any])
        #expect(deciding["event"] as? String == "message.state")
    }

    @Test("Near misses are in every report")
    func nearest() throws {
        let run = try run(
            Example.text.replacing("category: com.example.courier}", with: "data: {parcel: '1'}}"))
        let text = "3 missed only on data.parcel: \"17\" ≠ \"1\""
        #expect(run.text.contains("     near: \(text)\n       2.100s shop upstream.received #3"))
        #expect(JUnitReport.xml([run]).contains("missed only on data.parcel: &quot;17&quot;"))
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(run.json)) as? [String: Any])
        let first = try #require((object["expectations"] as? [[String: Any]])?.first)
        let near = try #require((first["nearest"] as? [[String: Any]])?.first)
        #expect(near["misses"] as? [String] == ["data.parcel: \"17\" ≠ \"1\""])
    }

    @Test("JUnit is XML that parses, with a test case for each expectation")
    func junit() throws {
        let nasty = Self.wrong
            .replacing("third attempt", with: "a < b & \\\"c\\\" ]]> \\u0001 d")
            .replacing("scenario: ", with: "scenario: \"")
            .replacing("acknowledged\n", with: "acknowledged\"\n", maxReplacements: 1)
        let xml = JUnitReport.xml([try run(nasty), try run()])
        let reader = JUnitReader()
        try reader.read(xml)
        #expect(reader.suites.map { $0["tests"] } == ["4", "4"])
        #expect(reader.suites.map { $0["failures"] } == ["2", "0"])
        #expect(reader.suites.first?["name"] == "a < b & \"c\" ]]> \u{FFFD} d is acknowledged")
        #expect(reader.cases.count == 8)
        #expect(reader.cases.first?["name"] == "shop receives m-1 of com.example.courier, 4 times")
        #expect(reader.failures == ["came: 3 times", "came: settled after 3 attempts"])
    }
}
