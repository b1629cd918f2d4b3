/// Finds expectations of which one excludes another: no run could meet both.
struct ExpectationConflicts {
    let complaints: Complaints

    func check(_ expectations: [Expectation]) {
        for (index, later) in expectations.enumerated() {
            let earlier = expectations[..<index].first { Self.exclude($0.claim, later.claim) }
            guard let earlier else { continue }
            complaints.add(
                "it contradicts the expectation at \(earlier.place)",
                remedy: "no run can meet both; leave one of them out", at: later.place)
        }
    }

    private static func exclude(_ one: Expectation.Claim, _ other: Expectation.Claim) -> Bool {
        switch (one, other) {
        case (.seen(let what, let tally, let window), .seen(let same, let others, let elsewhen)):
            guard what.what == same.what else { return false }
            // Never in the whole play is never in a part of it, and often in a part is at least as
            // often in the whole.
            if window == elsewhen { return isDisjoint(tally, others) }
            if window == .play { return (tally.most ?? .max) < others.least }
            if elsewhen == .play { return (others.most ?? .max) < tally.least }
            return false
        case (.outcome(let one), .outcome(let other)):
            guard one.id == other.id, one.device == other.device else { return false }
            if let state = one.state, let another = other.state, state != another { return true }
            if let tally = one.attempts, let others = other.attempts {
                return isDisjoint(tally, others)
            }
            return false
        default:
            return false
        }
    }

    private static func isDisjoint(_ one: Tally, _ other: Tally) -> Bool {
        (one.most ?? .max) < other.least || (other.most ?? .max) < one.least
    }
}
