import CloudMessaging
import Journal

/// What explains a verdict, line by line.
struct VerdictText {
    let verdict: Verdict
    /// When the play began.
    let start: Instant

    var lines: [String] {
        var lines: [String] = []
        if let reason = verdict.reason { lines.append(reason) }
        if let match = verdict.match { lines.append("looked for: \(match)") }
        for near in verdict.nearest {
            lines.append("near: \(near)")
            lines.append("  \(EventPhrase.line(near.latest, since: start))")
        }
        let moment = JournalMoment(event: verdict.deciding, before: verdict.before)
        return lines + moment.lines(since: start)
    }
}
