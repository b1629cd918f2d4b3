import CloudMessaging
import Foundation
import Journal
import Scenario
import Testing

@Suite("The HTML report")
struct HTMLReportTests {
    private func run(
        _ text: String = Example.text, journal: String = Journals.good,
        failure: PlayFailure? = nil
    ) throws -> ScenarioRun {
        ScenarioRun(
            try ScenarioFile.read(text, path: "third.yaml"), path: "third.yaml",
            driver: .virtual, seed: 9, evidence: try Journals.evidence(journal),
            failure: failure)
    }

    private func page(_ runs: ScenarioRun...) throws -> XMLPage {
        try XMLPage(HTMLReport.page(runs))
    }

    /// A journal of the example's cast in which more happens to the app server.
    private func journal(_ more: String) -> String { "\(Journals.good)\n\(more)" }

    @Test("It is well-formed, in one piece, and needs neither network nor scripts")
    func selfContained() throws {
        let text = HTMLReport.page([try run(), try run()])
        let page = try XMLPage(text)
        #expect(page.elements(named: "article").count == 2)
        for name in ["script", "link", "img", "iframe", "object"] {
            #expect(page.elements(named: name).isEmpty, "\(name)")
        }
        #expect(!text.contains("url(") && !text.contains("@import"))
        let addresses = text.matches(of: /https?:[^"]*/).map { String($0.output) }
        #expect(
            Set(addresses) == ["http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"])
    }

    @Test("Every attempt is an arrow with its number, and the times stand beside")
    func attempts() throws {
        let page = try page(run())
        #expect(page.texts(ofClass: "attempt") == ["1", "2", "3"])
        #expect(page.elements(ofClass: "lost-cross").isEmpty)
        #expect(page.elements(ofClass: "arrow", "tone-retry").count == 2)
        #expect(page.elements(ofClass: "arrow", "tone-ack").count == 1)
        #expect(page.texts(ofClass: "time").prefix(2) == ["0.000s", "0.100s"])
        #expect(page.texts(ofClass: "name") == ["phone", "relay", "shop"])
    }

    @Test("What was written and never received ends in a cross")
    func lost() throws {
        let received = "1.1 shop upstream.received connection=1"
        let lines = Journals.good.split(separator: "\n").filter { !$0.hasPrefix(received) }
        let page = try page(run(journal: lines.joined(separator: "\n")))
        #expect(page.elements(ofClass: "lost-cross").count == 1)
        #expect(page.elements(ofClass: "lost", "tone-retry").count == 1)
        #expect(page.texts(ofClass: "attempt") == ["1", "2", "3"])
    }

    @Test("Retry timers are brackets; those that run out differ from those that are stopped")
    func timers() throws {
        let message = "connection=3 message=7 message_id=m-2 from=tok:1 sender_id=4711"
        let page = try page(
            run(
                journal: journal(
                    """
                    3 relay upstream.stanza attempt=1 \(message)
                    3 relay timer.set attempt=1 delay=10s \(message)
                    13 relay timer.fired attempt=1 delay=10s \(message)
                    13 relay upstream.stanza attempt=2 \(message)
                    13 relay timer.set attempt=2 delay=20s \(message)
                    14 shop app-server.skipped message_id=m-2
                    15 shop app-server.skipped message_id=m-2
                    16 relay message.state state=expired \(message)
                    """)))
        #expect(Set(page.texts(ofClass: "timer-text")) == ["10s"])
        #expect(Set(page.texts(ofClass: "stopped-text")) == ["20s"])
        #expect(page.shapes(ofClass: "timer") == 2)
    }

    @Test("Draining is a band, a crash a mark, being down a line; quiet times are broken")
    func whatLasts() throws {
        let page = try page(
            run(
                journal: journal(
                    """
                    3 relay connection.draining connection=3 sender_id=4711
                    4 shop connection.closed connection=3 deed=fin
                    5 relay process.crashed
                    7200 relay process.started
                    """)))
        #expect(page.shapes(ofClass: "span-draining") == 1)
        #expect(page.shapes(ofClass: "span-down") == 1)
        let labels = page.texts(ofClass: "label")
        for label in ["drains #3", "#3 ends (fin)", "crashes", "starts again"] {
            #expect(labels.contains(label), "\(labels)")
        }
        #expect(page.texts(ofClass: "quiet").contains("⋮ 1h 59m"))
        #expect(page.texts(ofClass: "time").contains("2:00:00.000"))
    }

    @Test("Two connections at once have two lifelines; one after the other share one")
    func lanes() throws {
        let second = """
            3 shop connection.opened connection=4
            3 shop connection.bound connection=4 sender_id=4711
            """
        #expect(
            try page(run(journal: journal(second))).texts(ofClass: "name")
                == ["phone", "relay", "shop", "shop"])
    }

    @Test("Verdicts stand above, with what came near; the moment of each is marked")
    func verdicts() throws {
        let text = Example.text.replacing("state: settled", with: "state: expired")
        let failure = PlayFailure(.timeout, "third.yaml:13:5: nothing matched <x> within 3s")
        let page = try page(run(text, failure: failure))
        #expect(page.texts(ofClass: "badge") == ["FAILED"])
        #expect(page.elements(ofClass: "met").count == 3)
        #expect(page.elements(ofClass: "missed").count == 1)
        #expect(page.texts(ofClass: "decides-text") == ["✗ expectation 2"])
        #expect(page.texts(ofClass: "came").contains("came: settled after 3 attempts"))
        #expect(page.text.contains("nothing matched <x> within 3s"))
        #expect(page.text.contains("gcm-relay scenario run third.yaml --seed 9"))
    }

    @Test("Whatever an app calls its messages, the page stays whole")
    func hostile() throws {
        let id = "</text><script>alert(1)</script>&\"']]>"
        let text = Example.text.replacing(
            "about: an app", with: "about: <script>&amp; \"quotes\" an app")
        let base = try run(text)
        let event = JournalEvent(
            .appSent, at: base.evidence.start, by: Participant("phone"),
            about: .named(JournalEvent.Names(messageID: MessageID(id))),
            detail: JournalEvent.Detail(reason: "a \u{1} b"))
        let evidence = Evidence([event], start: base.evidence.start)
        let page = try XMLPage(
            HTMLReport.page([
                ScenarioRun(
                    base.file, path: "<p>\"&.yaml", driver: .virtual, seed: 1, evidence: evidence)
            ]))
        #expect(page.elements(named: "script").isEmpty)
        #expect(page.text.contains("alert(1)"))
        #expect(page.text.contains("<script>&amp; \"quotes\" an app"))
    }

    @Test("No more than 10,000 events are drawn, and the page says so")
    func limit() throws {
        let lines = (0..<10_500).map { "\($0 / 1_000) phone app.sent message_id=m-\($0)" }
        // Marks at one instant are drawn together, so every second one is at another place.
        let mixed = lines.enumerated().map { index, line in
            index.isMultiple(of: 2) ? line : line.replacing("app.sent", with: "app.error")
        }
        let journal = mixed.joined(separator: "\n")
        let bare = try #require(Example.text.components(separatedBy: "expect:").first)
        let first = try page(run(bare, journal: journal))
        #expect(first.elements(ofClass: "row").count == 10_000)
        let note = "Only 10000 events are drawn; "
        #expect(first.text.contains(note + "0 rows before them and 500 after them are left out"))
        // An expectation was decided against at the end, which must be there.
        let last = try page(run(journal: journal))
        #expect(last.text.contains(note + "500 rows before them and 0 after them are left out"))
        #expect(last.elements(ofClass: "decides").count == 1)
    }

    @Test("A play in which nothing happened has no diagram, and that is no fault")
    func empty() throws {
        let page = try page(run(journal: ""))
        #expect(page.elements(named: "svg").isEmpty)
    }
}
