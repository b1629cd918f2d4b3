import CloudMessaging
import Journal

/// One play in the report: what it is, what came of it, and what happened.
struct HTMLArticle {
    private let run: ScenarioRun
    private let number: Int
    private let drawing: DiagramDrawing

    init(_ run: ScenarioRun, _ number: Int) {
        self.run = run
        self.number = number
        var diagram = DiagramBuilder.diagram(run.file, run.evidence)
        for (index, verdict) in run.verdicts.enumerated() {
            if let deciding = verdict.deciding {
                diagram.flag(deciding.number, expectation: index + 1)
            }
        }
        diagram.limit()
        drawing = DiagramDrawing(diagram, since: run.evidence.start)
    }

    var markup: String {
        let parts = [title, facts, failure, expectations, play, timeline]
        return XMLText.element(
            "article", ["id": "play-\(number)"], parts.joined(separator: "\n"))
    }

    // MARK: What it is

    private var title: String {
        var markup = XMLText.element(
            "h1", [:], XMLText.escaped(run.file.name) + " " + HTMLReport.badge(run.outcome))
        if let about = run.file.about {
            markup += XMLText.element("p", ["class": "about"], XMLText.escaped(about))
        }
        return markup
    }

    private var facts: String {
        var facts = [("File", run.path)]
        if !run.file.reportedIn.isEmpty {
            facts.append(("Reported in", run.file.reportedIn.joined(separator: ", ")))
        }
        facts += [
            ("Seed", "\(run.seed)"), ("Driver", run.driver.rawValue),
            ("Length of the play", EventPhrase.rounded(run.length)),
            ("Events", "\(run.evidence.events.count)"),
        ]
        var markup = facts.map { name, value in
            XMLText.element(
                "div", [:],
                XMLText.element("dt", [:], name)
                    + XMLText.element("dd", [:], XMLText.escaped(value)))
        }.joined()
        markup += XMLText.element(
            "div", ["class": "wide"],
            XMLText.element("dt", [:], "Repeat with")
                + XMLText.element(
                    "dd", [:], XMLText.element("code", [:], XMLText.escaped(run.command))))
        return XMLText.element("dl", ["class": "facts"], markup)
    }

    private var failure: String {
        guard let failure = run.failure else { return "" }
        let what =
            switch failure.kind {
            case .step: "A step could not be done"
            case .timeout: "What a step waits for did not come"
            case .absence: "The app server under test did not come"
            case .invariant: "What must hold in every run did not: this is a fault of the simulator"
            }
        return XMLText.element(
            "p", ["class": "failure"],
            XMLText.element("strong", [:], "\(what).") + " "
                + XMLText.escaped(failure.description))
    }

    // MARK: What came of it

    private var expectations: String {
        guard !run.verdicts.isEmpty else { return "" }
        let met = run.verdicts.count(where: \.isMet)
        let items = run.verdicts.map(item).joined(separator: "\n")
        return XMLText.element(
            "h2", [:], "Expectations: \(met) of \(run.verdicts.count) met")
            + XMLText.element("ol", ["class": "expectations"], items)
    }

    private func item(_ verdict: Verdict) -> String {
        var markup = XMLText.element(
            "span", ["class": "sentence"], XMLText.escaped(verdict.expectation.sentence))
        markup += " " + XMLText.element("span", ["class": "came"], XMLText.escaped(came(verdict)))
        if !verdict.isMet {
            let details = run.details(of: verdict).joined(separator: "\n")
            let place = "\(run.path):\(verdict.expectation.place)\n"
            markup += XMLText.element("pre", [:], XMLText.escaped(place + details))
        }
        return XMLText.element("li", ["class": verdict.isMet ? "met" : "missed"], markup)
    }

    private func came(_ verdict: Verdict) -> String {
        verdict.isMet ? verdict.found : "came: \(verdict.found)"
    }

    private var play: String {
        XMLText.element(
            "details", [:],
            XMLText.element("summary", [:], "The play, to read aloud")
                + XMLText.element("pre", [:], XMLText.escaped(run.file.play)))
    }

    // MARK: What happened

    private var timeline: String {
        guard !drawing.diagram.rows.isEmpty else { return "" }
        let sheets = drawing.sheets.map {
            XMLText.element("tr", [:], XMLText.element("td", [:], $0))
        }
        let isWide = drawing.layout.width > DiagramLayout.laptop
        let table = XMLText.element(
            "table", ["class": isWide ? "diagram wide" : "diagram"],
            XMLText.element(
                "thead", [:],
                XMLText.element("tr", [:], XMLText.element("th", [:], drawing.header)))
                + XMLText.element("tbody", [:], sheets.joined(separator: "\n")))
        return XMLText.element("h2", [:], "What happened") + legend + notes + table
    }

    private var legend: String {
        let entries = [
            ("message", "message, with the number of the attempt"), ("retry", "sent again"),
            ("ack", "acknowledged"), ("downstream", "downstream and receipts"),
            ("bad", "lost, refused, broken"), ("quiet", "all else"),
        ]
        let markup = entries.map { tone, text in
            XMLText.element(
                "span", [:], XMLText.element("i", ["class": "swatch tone-\(tone)"], "") + text)
        }
        return XMLText.element("p", ["class": "legend"], markup.joined(separator: " "))
    }

    private var notes: String {
        let diagram = drawing.diagram
        var notes = [
            "Times are those of the play; after ⋮ nothing happened for so long. A bracket is a "
                + "retry timer. Commits and logins that went well are in the journal only."
        ]
        if diagram.omittedBefore + diagram.omittedAfter > 0 {
            notes.append(
                "Only \(diagram.drawnEvents) events are drawn; \(diagram.omittedBefore) rows "
                    + "before them and \(diagram.omittedAfter) after them are left out. The "
                    + "journal has all: --report ndjson:FILE")
        }
        if diagram.omittedLines > 0 {
            notes.append("\(diagram.omittedLines) more participants are not drawn.")
        }
        if run.evidence.hasGap { notes.append("The journal has forgotten its first events.") }
        return XMLText.element(
            "p", ["class": "notes"], XMLText.escaped(notes.joined(separator: " ")))
    }
}
