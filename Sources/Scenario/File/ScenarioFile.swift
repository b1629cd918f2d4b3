package import Journal

/// What a scenario file says: who plays, what they do and when, and what must come of it
/// (docs/scenarios.md).
///
/// Values only: the simulator and the live driver carry the steps out, and both write the journal
/// on which the expectations are judged.
package struct ScenarioFile: Sendable {
    package var name: String
    /// What the play shows, as a sentence.
    package var about: String?
    /// Where the behaviour was reported: `R24`, `google/gcm #50`.
    package var reportedIn: [String] = []
    /// Rules all randomness of a run that is given no other.
    package var seed: UInt64 = 1
    package var ending = Ending()
    package var relay = RelayPlan()
    /// Why the play makes no sense on real sockets; nil: both drivers can play it.
    package var virtualOnly: String?
    /// Whether the expectations hold for every seed, so that a sweep may judge them.
    package var isForAnySeed = false
    /// Whether a sweep made it: what cannot be done is left out, and at the end everything must
    /// have arrived.
    package var isByChance = false
    /// In the order of the file.
    package var cast: [CastMember] = []
    package var steps: [Step] = []
    package var expectations: [Expectation] = []
    /// The text that it was read from; empty: it was put together.
    package var source = ""

    package init(name: String) {
        self.name = name
    }

    package func member(_ name: Participant) -> CastMember? {
        cast.first { $0.name == name }
    }

    /// Whether an app server under test connects by itself, so that only the live driver can play.
    package var needsLiveDriver: Bool {
        cast.contains { member in
            if case .external = member.role { true } else { false }
        }
    }
}

/// When a play is over.
package struct Ending: Hashable, Sendable {
    /// Counted from the play's beginning; at the latest then.
    package var after: Duration
    /// Earlier, once no step is left and nothing was written into the journal for so long.
    package var quiet: Duration?

    package init(after: Duration = .seconds(300), quiet: Duration? = nil) {
        self.after = after
        self.quiet = quiet
    }
}
