package import Journal

/// What a journal says of an expectation.
package struct Verdict: Sendable {
    package let expectation: Expectation
    package let isMet: Bool
    /// What came instead of, or as, what was expected: `2 times`.
    package let found: String
    /// Why it is not met, beyond that; nil: there is nothing to add.
    package let reason: String?
    /// What was looked for, in the match language; nil for what is no single event.
    package let match: Match?
    /// Of an expectation that is not met: those that came near, the latest first.
    package let nearest: [NearMiss<JournalEvent>]
    /// The event that decided against it, or came nearest; nil: it is met, or nothing came.
    package let deciding: JournalEvent?
    /// Of an expectation that is not met: the last events before that moment, or of all.
    package let before: [JournalEvent]
}

extension ScenarioFile {
    /// What a journal says of the expectations, in their order.
    package func verdicts(on evidence: Evidence) -> [Verdict] {
        let judge = Judge(cast: cast, evidence: evidence)
        return expectations.map { judge.verdict(on: $0) }
    }
}
