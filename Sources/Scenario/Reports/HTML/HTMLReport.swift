import CloudMessaging
import Journal

/// The report for people: one file with everything in it, on a screen and in print. It is XML as
/// well, so that a parser can hold it to that.
package enum HTMLReport {
    package static func page(_ runs: [ScenarioRun]) -> String {
        let title = runs.count == 1 ? runs[0].file.name : "\(runs.count) scenarios"
        var body = ""
        if runs.count != 1 { body += index(runs) }
        for (number, run) in runs.enumerated() { body += HTMLArticle(run, number + 1).markup }
        return """
            <!DOCTYPE html>
            <html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta name="color-scheme" content="light dark"/>
            <title>\(XMLText.escaped(title))</title><style>
            \(HTMLStyle.sheet)
            </style></head><body>
            \(body)
            </body></html>

            """
    }

    /// The plays with their verdicts, if there are several.
    private static func index(_ runs: [ScenarioRun]) -> String {
        let good = runs.count(where: \.isGood)
        let rows = runs.enumerated().map { index, run in
            let link = XMLText.element(
                "a", ["href": "#play-\(index + 1)"], XMLText.escaped(run.file.name))
            let met = run.verdicts.count(where: \.isMet)
            return XMLText.element(
                "tr", [:],
                XMLText.element("td", [:], badge(run.outcome)) + XMLText.element("td", [:], link)
                    + cell("\(met) of \(run.verdicts.count)")
                    + cell(EventPhrase.rounded(run.length)) + cell(run.path))
        }
        let head = ["", "Scenario", "Expectations", "Length of the play", "File"]
            .map { XMLText.element("th", [:], $0) }.joined()
        let table = XMLText.element(
            "table", ["class": "plays"],
            XMLText.element("thead", [:], XMLText.element("tr", [:], head))
                + XMLText.element("tbody", [:], rows.joined(separator: "\n")))
        return XMLText.element(
            "header", ["class": "index"],
            XMLText.element("h1", [:], "\(good) of \(runs.count) scenarios are good") + table)
    }

    private static func cell(_ text: String) -> String {
        XMLText.element("td", [:], XMLText.escaped(text))
    }

    static func badge(_ outcome: ScenarioRun.Outcome) -> String {
        let (style, word) =
            switch outcome {
            case .good: ("badge good", "OK")
            case .failed: ("badge bad", "FAILED")
            case .undecided: ("badge bad", "UNDECIDED")
            }
        return XMLText.element("span", ["class": style], word)
    }
}
