import CloudMessaging
package import Journal

extension RelayControl {
    /// What a search found, and what came near if it was not enough.
    package struct Finding: Sendable {
        package let count: Int
        /// The latest that match, at most 100.
        package internal(set) var messages: [MessageRecord] = []
        package internal(set) var events: [JournalEvent] = []
        /// Those that missed by the fewest comparisons, as sentences.
        package internal(set) var nearest: [String] = []
        /// The journal's number up to which was searched.
        package let lastEvent: UInt64
        /// Whether the journal forgot events that may have matched.
        package internal(set) var hasGap = false
    }

    private static let shown = 100

    /// Looks for messages, or for events if the match asks for what only they have.
    ///
    /// - Parameter after: only events with higher numbers, or messages that are first heard of after
    ///   such an event.
    package func find(_ match: Match, after number: UInt64 = 0) async throws -> Finding {
        if match.asksOfEvents { return try await findEvents(match, after: number) }
        var all = try await rememberedMessages()
        let last = try await lastEvent()
        if number > 0 {
            guard let start = try await events(after: number, limit: 1).events.first?.instant
            else { return Finding(count: 0, lastEvent: last) }
            all.removeAll { ($0.firstSeen ?? start) < start }
        }
        let found = all.filter(match.accepts)
        var finding = Finding(count: found.count, lastEvent: last)
        finding.messages = Array(found.suffix(Self.shown))
        finding.nearest = match.nearest(among: all).map(\.description)
        return finding
    }

    private func findEvents(_ match: Match, after number: UInt64) async throws -> Finding {
        var (last, count, hasGap) = (number, 0, false)
        var found: [JournalEvent] = []
        var missed: [JournalEvent] = []
        while true {
            let page = try await events(after: last)
            hasGap = hasGap || page.hasGap
            guard let newest = page.events.last?.number else { break }
            last = newest
            for event in page.events {
                guard match.accepts(event) else {
                    missed.append(event)
                    continue
                }
                count += 1
                found.append(event)
            }
            found = found.suffix(Self.shown)
            missed = missed.suffix(Self.searchedForNearMisses)
        }
        var finding = Finding(count: count, lastEvent: last)
        finding.events = found
        finding.nearest = match.nearest(among: missed).map(\.description)
        finding.hasGap = hasGap && number == 0
        return finding
    }

    /// The latest events among which the nearest are looked for.
    private static let searchedForNearMisses = 10_000

    /// Looks again and again until something is so, or the time is over; returns the last finding.
    package func find(
        _ match: Match, after number: UInt64 = 0, within time: Duration,
        until isEnough: @Sendable (Finding) -> Bool
    ) async throws -> Finding {
        try await poll(within: time) {
            try await find(match, after: number)
        } until: {
            isEnough($0)
        } lastEvent: {
            $0.lastEvent
        }
    }

    /// Asks whenever the journal has grown, but not more often than somebody notices.
    package nonisolated func poll<Answer>(
        within time: Duration, _ ask: () async throws -> Answer, until isEnough: (Answer) -> Bool,
        lastEvent: (Answer) -> UInt64
    ) async throws -> Answer {
        let end = ContinuousClock.now + time
        while true {
            let answer = try await ask()
            let left = end - .now
            guard !isEnough(answer), left > .zero else { return answer }
            try await journalGrows(after: lastEvent(answer), within: left)
            try Task.checkCancellation()
            try await Task.sleep(for: min(Self.pause, max(.zero, end - .now)))
        }
    }

    private static let pause = Duration.milliseconds(20)
}
