import CloudMessaging
import Journal

/// Judges expectations on a journal.
struct Judge {
    let cast: [CastMember]
    let evidence: Evidence

    private var events: [JournalEvent] { evidence.events }
    private var compiler: SightingCompiler { SightingCompiler(cast: cast, evidence: evidence) }

    func verdict(on expectation: Expectation) -> Verdict {
        do {
            switch expectation.claim {
            case .seen(let sighting, let tally, let window):
                return try seen(sighting, tally, window, expectation)
            case .order(let sightings):
                return try order(sightings, expectation)
            case .outcome(let outcome):
                return OutcomeJudge(evidence: evidence, compiler: compiler)
                    .verdict(on: outcome, expectation)
            }
        } catch {
            return Verdict(
                expectation: expectation, isMet: false, found: "it cannot be judged",
                reason: error.reason, match: nil, nearest: [], deciding: nil, before: [])
        }
    }

    // MARK: Seen so often

    private func seen(
        _ sighting: Sighting, _ tally: Tally, _ window: Window, _ expectation: Expectation
    ) throws(SightingCompiler.Unknowable) -> Verdict {
        let wanted = try compiler.compile(sighting)
        let all = events.indices.filter { wanted.accepts($0, in: evidence) }
        let bounds = try bounds(of: window)
        let counted = all.filter { bounds.contains($0, events[$0].instant) }
        let isMet = tally.holds(counted.count)
        let found = Phrases.times(counted.count)
        if isMet, tally.most != nil, evidence.hasGap {
            return Verdict(
                expectation: expectation, isMet: false, found: "\(found), as far as can be told",
                reason: "the journal forgot events, and they may be among those; raise "
                    + "--journal-limit",
                match: wanted.match, nearest: [], deciding: nil, before: [])
        }
        if isMet {
            return Verdict(
                expectation: expectation, isMet: true, found: found, reason: nil,
                match: wanted.match, nearest: [], deciding: nil, before: [])
        }
        if let most = tally.most, counted.count > most {
            let index = counted[most]
            return Verdict(
                expectation: expectation, isMet: false, found: found, reason: gapReason,
                match: wanted.match, nearest: [], deciding: events[index], before: before(index))
        }
        return tooFew(
            wanted, found: found, isAlone: counted.isEmpty, outside: all.count - counted.count,
            bounds, expectation)
    }

    private func tooFew(
        _ wanted: CompiledSighting, found: String, isAlone: Bool, outside: Int, _ bounds: Bounds,
        _ expectation: Expectation
    ) -> Verdict {
        let nearest = nearest(to: wanted, isAlone: isAlone && outside == 0)
        var reasons = bounds.reason.map { [$0] } ?? []
        if outside > 0, bounds.reason == nil {
            reasons.append("\(Phrases.times(outside)) outside the time that counts")
        }
        if let gapReason { reasons.append(gapReason) }
        let deciding = nearest.first?.latest
        let index = deciding.flatMap { event in events.firstIndex { $0.number == event.number } }
        return Verdict(
            expectation: expectation, isMet: false, found: found,
            reason: reasons.isEmpty ? nil : reasons.joined(separator: "; "), match: wanted.match,
            nearest: nearest, deciding: deciding, before: before(index ?? events.count))
    }

    /// Another kind of event is only near when nothing of the kind came, and all else is right:
    /// an error instead of a success.
    private func nearest(
        to wanted: CompiledSighting, isAlone: Bool
    ) -> [NearMiss<JournalEvent>] {
        let candidates = events.indices
            .filter { wanted.isCandidate($0, in: evidence) }
            .map { events[$0] }
        let ofKind = candidates.filter { event in
            !wanted.match.misses(event).contains { $0.comparison.field == .event }
        }
        let limit = ScenarioLimits.nearMisses
        let nearest = wanted.match.nearest(among: ofKind, limit: limit)
        guard nearest.isEmpty, isAlone else { return nearest }
        return wanted.match.nearest(
            among: candidates.filter { !$0.kind.isBookkeeping }, limit: limit
        ).filter { $0.misses.count == 1 }
    }

    // MARK: When

    /// The part of a journal that counts.
    private struct Bounds {
        var after = -1
        var before = Int.max
        var deadline = Instant.never
        /// Why nothing counts.
        var reason: String?

        func contains(_ index: Int, _ instant: Instant) -> Bool {
            reason == nil && index > after && index < before && instant <= deadline
        }
    }

    private func bounds(of window: Window) throws(SightingCompiler.Unknowable) -> Bounds {
        var bounds = Bounds()
        var start = evidence.start
        if let sighting = window.after {
            if let index = try first(sighting) {
                bounds.after = index
                start = events[index].instant
            } else {
                bounds.reason =
                    "what it was to come after never came: \(Phrases.sighting(sighting))"
            }
        }
        if let sighting = window.before, let index = try first(sighting) { bounds.before = index }
        if let within = window.within { bounds.deadline = start + within }
        return bounds
    }

    private func first(
        _ sighting: Sighting, after index: Int = -1
    ) throws(SightingCompiler.Unknowable) -> Int? {
        let wanted = try compiler.compile(sighting)
        return events.indices.first { $0 > index && wanted.accepts($0, in: evidence) }
    }

    // MARK: Order

    private func order(
        _ sightings: [Sighting], _ expectation: Expectation
    ) throws(SightingCompiler.Unknowable) -> Verdict {
        var previous: (index: Int, sighting: Sighting)?
        for sighting in sightings {
            guard let index = try first(sighting) else {
                let wanted = try compiler.compile(sighting)
                return tooFew(
                    wanted, found: "\(Phrases.sighting(sighting)): not at all", isAlone: true,
                    outside: 0,
                    Bounds(), expectation)
            }
            if let previous, index <= previous.index {
                return Verdict(
                    expectation: expectation, isMet: false,
                    found: "\(Phrases.sighting(sighting)) came before "
                        + Phrases.sighting(previous.sighting),
                    reason: gapReason, match: nil, nearest: [], deciding: events[index],
                    before: before(index))
            }
            previous = (index, sighting)
        }
        return Verdict(
            expectation: expectation, isMet: true, found: "in this order", reason: nil,
            match: nil, nearest: [], deciding: nil, before: [])
    }

    // MARK: What a report shows

    private var gapReason: String? {
        evidence.hasGap ? "the journal forgot events; raise --journal-limit" : nil
    }

    private func before(_ index: Int) -> [JournalEvent] {
        Array(events[..<index].suffix(ScenarioLimits.eventsBefore))
    }
}

extension JournalEvent.Kind {
    /// What a relay notes for itself tells of a message, but nobody meant it instead of a stanza.
    fileprivate var isBookkeeping: Bool { self == .timerSet || self == .messageState }
}
