import CloudMessaging

/// What came of several plays.
package struct RunTally: Sendable {
    package private(set) var good = 0
    package private(set) var failed = 0
    /// Their app servers under test did not come.
    package private(set) var undecided = 0
    /// The driver could not play them.
    package private(set) var skipped = 0
    /// Time of all plays together.
    private var length = Duration.zero
    /// Real time from the beginning of the first play to the end of the last: less than that of all
    /// together where they are given side by side.
    package var took = Duration.zero

    package init() {}

    package mutating func add(_ run: ScenarioRun) {
        switch run.outcome {
        case .good: good += 1
        case .failed: failed += 1
        case .undecided: undecided += 1
        }
        length += run.length
    }

    package mutating func addSkipped() {
        skipped += 1
    }

    package var played: Int { good + failed + undecided }

    package var count: Int { played + skipped }

    /// The last line of a report on several plays.
    package var text: String {
        var parts = ["\(count) scenarios: \(good) ok"]
        if failed > 0 { parts.append("\(failed) FAILED") }
        if undecided > 0 { parts.append("\(undecided) undecided") }
        if skipped > 0 { parts.append("\(skipped) skipped") }
        let times = "\(EventPhrase.seconds(length)) of play in \(EventPhrase.seconds(took))"
        return "\(parts.joined(separator: ", ")); \(times)\n"
    }
}
