/// Finds expectations that no run can meet together, or one that none can meet at all.
///
/// A sighting is a set of events, and an expectation says how often its events come, and when. So a
/// part that comes more often than the whole may come, and what must come before itself, cannot be.
/// What can be met is never refused: what cannot be told is taken for possible.
struct ExpectationConflicts {
    let complaints: Complaints
    let cast: [CastMember]
    let vantage: Evidence.Vantage

    func check(_ expectations: [Expectation]) {
        let reader = ExpectationClaims(cast: cast, vantage: vantage)
        let claims = expectations.flatMap(reader.claims)
        let wanted = claims.filter { $0.tally.least > 0 && !$0.events.isEmpty }
        var told: Set<SourcePlace> = []
        for claim in claims where claim.tally.least > 0 {
            guard let (problem, remedy) = impossibility(of: claim),
                told.insert(claim.place).inserted
            else { continue }
            complaints.add(problem, remedy: remedy, at: claim.place)
        }
        let groups =
            overdrawn(claims, by: wanted) + contradictions(of: expectations)
            + circles(expectations, wanted, reader)
        for places in groups {
            guard let last = places.last, told.isDisjoint(with: places) else { continue }
            told.insert(last)
            complain(of: places.dropLast(), at: last)
        }
    }

    private func complain(of others: ArraySlice<SourcePlace>, at place: SourcePlace) {
        switch others.count {
        case 0:
            complaints.add(
                "it contradicts itself", remedy: "no run can meet it; look at what comes first",
                at: place)
        case 1:
            complaints.add(
                "it contradicts the expectation at \(others[0])",
                remedy: "no run can meet both; leave one of them out", at: place)
        default:
            let places = others.map(\.description)
            let list =
                places.dropLast().joined(separator: ", ") + " and \(places[places.count - 1])"
            complaints.add(
                "it contradicts the expectations at \(list)",
                remedy: "no run can meet them all; leave one of them out", at: place)
        }
    }

    // MARK: One alone

    private func impossibility(of claim: Claim) -> (problem: String, remedy: String)? {
        if claim.events.isEmpty {
            return ("no event can be like this", EventSet.emptyRemedy)
        }
        if claim.span.isEmpty {
            return ("nothing comes after and before the same", "leave one of them out")
        }
        return nil
    }

    // MARK: How often

    private func overdrawn(_ claims: [Claim], by wanted: [Claim]) -> [[SourcePlace]] {
        let bounds = claims.filter { $0.tally.most != nil }
        let parts = Dictionary(grouping: wanted) { $0.events.messageID }
        let narrow = bounds.compactMap { whole in
            whole.events.messageID.flatMap { overdrawn(whole, by: parts[$0] ?? []) }
        }
        // These are compared with all others.
        let wide = bounds.filter { $0.events.messageID == nil }.prefix(ScenarioLimits.wideClaims)
        return narrow + wide.compactMap { overdrawn($0, by: wanted) }
    }

    /// The places of the whole and of those of its parts that come more often than it may; nil: they
    /// do not.
    private func overdrawn(_ whole: Claim, by wanted: [Claim]) -> [SourcePlace]? {
        guard let most = whole.tally.most else { return nil }
        let parts = wanted.filter { $0.counts(inside: whole) }
        if let part = parts.first(where: { $0.tally.least > most }) {
            return Set([part.place, whole.place]).sorted()
        }
        guard parts.reduce(0, { $0 + $1.tally.least }) > most else { return nil }
        // Those that have no event in common add up.
        var disjoint: [Claim] = []
        var sum = 0
        for part in parts where disjoint.allSatisfy({ $0.events.isDisjoint(from: part.events) }) {
            disjoint.append(part)
            sum += part.tally.least
            if sum > most { return Set(disjoint.map(\.place) + [whole.place]).sorted() }
        }
        return nil
    }

    // MARK: What comes first

    private func circles(
        _ expectations: [Expectation], _ wanted: [Claim], _ reader: ExpectationClaims
    ) -> [[SourcePlace]] {
        let precedences = expectations.flatMap { expectation in
            reader.precedences(of: expectation) { set in
                wanted.contains { $0.events.isPart(of: set) }
            }
        }
        return PrecedenceGraph(precedences).circles
    }

    // MARK: What messages come to

    private func contradictions(of expectations: [Expectation]) -> [[SourcePlace]] {
        var outcomes: [(MessageOutcome, SourcePlace)] = []
        var groups: [[SourcePlace]] = []
        for expectation in expectations {
            guard case .outcome(let outcome) = expectation.claim else { continue }
            if let earlier = outcomes.first(where: { Self.exclude($0.0, outcome) }) {
                groups.append([earlier.1, expectation.place])
            }
            outcomes.append((outcome, expectation.place))
        }
        return groups
    }

    private static func exclude(_ one: MessageOutcome, _ other: MessageOutcome) -> Bool {
        guard one.id == other.id, one.device == other.device else { return false }
        if let state = one.state, let another = other.state, state != another { return true }
        guard let tally = one.attempts, let others = other.attempts else { return false }
        return (tally.most ?? .max) < others.least || (others.most ?? .max) < tally.least
    }
}
