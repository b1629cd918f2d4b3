import CloudMessaging
import Journal

/// The report that build servers read: a test suite for each play, a test case for each
/// expectation.
package enum JUnitReport {
    package static func xml(_ runs: [ScenarioRun]) -> String {
        var xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        for run in runs { xml += suite(run) }
        return xml + "</testsuites>\n"
    }

    private static func suite(_ run: ScenarioRun) -> String {
        let failed = run.verdicts.count { !$0.isMet }
        // A play that broke off is a test case of its own; so is one that expects nothing.
        let isOwnCase = run.failure != nil || run.verdicts.isEmpty
        let attributes = [
            ("name", run.file.name), ("file", run.path),
            ("tests", "\(run.verdicts.count + (isOwnCase ? 1 : 0))"), ("failures", "\(failed)"),
            ("errors", run.failure == nil ? "0" : "1"), ("time", seconds(run.took)),
        ]
        var xml = "  <testsuite\(text(of: attributes))>\n    <properties>\n"
        for (name, value) in [("seed", "\(run.seed)"), ("driver", run.driver.rawValue)] {
            xml += "      <property\(text(of: [("name", name), ("value", value)]))/>\n"
        }
        xml += "    </properties>\n"
        if isOwnCase { xml += ownCase(run) }
        for verdict in run.verdicts { xml += testCase(verdict, of: run) }
        return xml + "    <system-out>\(escaped(run.file.play))</system-out>\n  </testsuite>\n"
    }

    private static func ownCase(_ run: ScenarioRun) -> String {
        let attributes = [
            ("name", "the play is played to its end"), ("classname", run.file.name),
            ("time", "0.000"),
        ]
        guard let failure = run.failure else { return "    <testcase\(text(of: attributes))/>\n" }
        return "    <testcase\(text(of: attributes))>\n"
            + "      <error\(text(of: [("message", failure.description), ("type", failure.kind.rawValue)]))>"
            + "\(escaped("repeat with: \(run.command)"))</error>\n    </testcase>\n"
    }

    private static func testCase(_ verdict: Verdict, of run: ScenarioRun) -> String {
        let line = "\(verdict.expectation.place.line)"
        let attributes = [
            ("name", verdict.expectation.sentence), ("classname", run.file.name),
            ("file", run.path), ("line", line), ("time", "0.000"),
        ]
        guard !verdict.isMet else { return "    <testcase\(text(of: attributes))/>\n" }
        let details = run.details(of: verdict) + ["repeat with: \(run.command)"]
        let message = "came: \(verdict.found)"
        return "    <testcase\(text(of: attributes))>\n"
            + "      <failure\(text(of: [("message", message)]))>"
            + "\(escaped(details.joined(separator: "\n")))</failure>\n    </testcase>\n"
    }

    private static func seconds(_ duration: Duration) -> String {
        String(EventPhrase.seconds(duration).dropLast())
    }

    // MARK: XML

    private static func text(of attributes: [(String, String)]) -> String {
        attributes.map { " \($0)=\"\(escaped($1))\"" }.joined()
    }

    private static func escaped(_ text: String) -> String { XMLText.escaped(text) }
}
