import Journal

extension ScenarioRun {
    /// The report for a terminal: a line when all is well, else each expectation that is not met
    /// with what came near, the lines before, and the command that shows it again.
    package var text: String {
        let met = verdicts.count(where: \.isMet)
        let summary =
            "\(met) of \(verdicts.count) expectations, \(EventPhrase.seconds(length)) of play, "
            + "seed \(seed), \(driver.rawValue)"
        var lines = ["\(isGood ? "ok    " : "FAILED") \(path): \(file.name) (\(summary))"]
        if let failure { lines.append("  \(failure)") }
        for (index, verdict) in verdicts.enumerated() where !verdict.isMet {
            lines += text(of: verdict, number: index + 1)
        }
        if !isGood { lines.append("  repeat with: \(command)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private func text(of verdict: Verdict, number: Int) -> [String] {
        let place = "\(path):\(verdict.expectation.place)"
        var lines = [
            "", "  \(number). \(verdict.expectation.sentence)", "     at \(place)",
            "     came: \(verdict.found)",
        ]
        lines += details(of: verdict).map { "     \($0)" }
        return lines + [""]
    }

    /// What explains a verdict, line by line.
    func details(of verdict: Verdict) -> [String] {
        var lines: [String] = []
        if let reason = verdict.reason { lines.append(reason) }
        if let match = verdict.match { lines.append("looked for: \(match)") }
        for near in verdict.nearest {
            lines.append("near: \(near)")
            lines.append("  \(EventPhrase.line(near.latest, since: evidence.start))")
        }
        if !verdict.before.isEmpty {
            let moment = verdict.deciding == nil ? "the end" : "it"
            lines.append("the journal before \(moment):")
            lines += verdict.before.map { "  \(EventPhrase.line($0, since: evidence.start))" }
        }
        if let deciding = verdict.deciding {
            lines.append("> \(EventPhrase.line(deciding, since: evidence.start))")
        }
        return lines
    }
}
