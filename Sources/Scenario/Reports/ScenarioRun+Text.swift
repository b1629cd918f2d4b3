import Journal

extension ScenarioRun {
    /// The report for a terminal: a line when all is well, else each expectation that is not met
    /// with what came near, the lines before, and the command that shows it again.
    package var text: String {
        var lines = [
            "\(outcome.word) \(path): \(file.name) (\(summary), seed \(seed), \(driver.rawValue))"
        ]
        if let failure { lines.append("  \(failure)") }
        if let moment = failureMoment {
            lines += moment.lines(since: evidence.start).map { "     \($0)" }
        }
        for (index, verdict) in verdicts.enumerated() where !verdict.isMet {
            lines += text(of: verdict, number: index + 1)
        }
        if !isGood { lines.append("  repeat with: \(command)") }
        return lines.map(\.onTerminal).joined(separator: "\n") + "\n"
    }

    private var summary: String {
        guard outcome != .undecided else { return "nothing was played" }
        let met = verdicts.count(where: \.isMet)
        return "\(met) of \(verdicts.count) expectations, \(EventPhrase.seconds(length)) of play"
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
        VerdictText(verdict: verdict, start: evidence.start).lines
    }
}

extension ScenarioRun.Outcome {
    /// Begins a play's line; all are of one width.
    fileprivate var word: String {
        switch self {
        case .good: "ok    "
        case .failed: "FAILED"
        case .undecided: "absent"
        }
    }
}
