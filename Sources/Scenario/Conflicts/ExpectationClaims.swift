import CloudMessaging
import Journal

/// What expectations say of sets of events.
struct ExpectationClaims {
    let compiler: SightingCompiler

    init(cast: [CastMember], vantage: Evidence.Vantage) {
        compiler = SightingCompiler(cast: cast, evidence: Evidence([], vantage: vantage))
    }

    /// All that must be for it to be met; none if a journal cannot tell.
    func claims(of expectation: Expectation) -> [Claim] {
        let place = expectation.place
        switch expectation.claim {
        case .seen(let sighting, let tally, let window):
            guard let events = events(sighting), let span = span(window) else { return [] }
            var claims = [Claim(events, tally, span, at: place)]
            if tally.least > 0, let after = span.after {
                claims.append(Claim(after, .atLeastOnce, at: place))
            }
            return claims
        case .order(let sightings):
            return sightings.compactMap(events).map { Claim($0, .atLeastOnce, at: place) }
        case .outcome(let outcome):
            return events(outcome).map { [Claim($0, .atLeastOnce, at: place)] } ?? []
        }
    }

    /// Which of their first times must come before which.
    ///
    /// - Parameter isSeen: whether an event of the set comes for certain.
    func precedences(
        of expectation: Expectation, isSeen: (EventSet) -> Bool
    ) -> [Precedence] {
        let place = expectation.place
        switch expectation.claim {
        case .order(let sightings):
            let sets = sightings.compactMap(events)
            guard sets.count == sightings.count else { return [] }
            return zip(sets, sets.dropFirst()).map {
                Precedence($0, $1, isStrict: true, at: place)
            }
        case .seen(let sighting, let tally, let window):
            guard let events = events(sighting), let span = span(window), isSeen(events)
            else { return [] }
            if tally.least > 0, let before = span.before, isSeen(before) {
                return [Precedence(events, before, isStrict: true, at: place)]
            }
            guard tally.most == 0, span.within == nil else { return [] }
            switch (span.after, span.before) {
            case (let after?, nil) where isSeen(after):
                return [Precedence(events, after, isStrict: false, at: place)]
            // It comes, and not before that: so that comes, too.
            case (nil, let before?):
                return [Precedence(before, events, isStrict: false, at: place)]
            default: return []
            }
        case .outcome: return []
        }
    }

    // MARK: Sets

    /// Nil: a journal cannot tell.
    private func events(_ sighting: Sighting) -> EventSet? {
        (try? compiler.compile(sighting)).map { EventSet($0) }
    }

    private func span(_ window: Window) -> Span? {
        let after = window.after.map(events)
        let before = window.before.map(events)
        if case .some(nil) = after { return nil }
        if case .some(nil) = before { return nil }
        return Span(after: after ?? nil, before: before ?? nil, within: window.within)
    }

    /// That the message came to its state; nil: any will do.
    private func events(_ outcome: MessageOutcome) -> EventSet? {
        guard let state = outcome.state else { return nil }
        var terms = MatchTerms()
        terms.add("event", JournalEvent.Kind.messageState.rawValue)
        terms.add("state", state.rawValue)
        terms.add("message_id", outcome.id.text)
        // A relay alone may have the message of any device in mind.
        let device = compiler.evidence.vantage == .cast ? outcome.device : nil
        return EventSet(
            CompiledSighting(match: terms.match, owner: nil, ordinal: nil, device: device))
    }
}
