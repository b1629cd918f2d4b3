package import CloudMessaging
package import Journal

/// What the journal of a play must show.
package struct Expectation: Equatable, Sendable {
    package let claim: Claim
    package let place: SourcePlace

    package init(_ claim: Claim, at place: SourcePlace = .start) {
        self.claim = claim
        self.place = place
    }

    package enum Claim: Equatable, Sendable {
        /// Something is seen as often as it should be; `never` is zero times.
        case seen(Sighting, Tally, Window)
        /// The first of each is seen in this order.
        case order([Sighting])
        /// What a message came to in the end.
        case outcome(MessageOutcome)
    }
}

/// How often.
package struct Tally: Hashable, Sendable {
    package let least: Int
    /// Nil: without end.
    package let most: Int?

    package init(least: Int, most: Int?) {
        self.least = least
        self.most = most
    }

    package static let never = Tally(least: 0, most: 0)
    package static let atLeastOnce = Tally(least: 1, most: nil)

    package func holds(_ count: Int) -> Bool {
        count >= least && count <= most ?? .max
    }
}

/// When it counts. Bounds are the first sightings of what they name.
package struct Window: Equatable, Sendable {
    /// Only what comes after that.
    package var after: Sighting?
    /// Only what comes before that.
    package var before: Sighting?
    /// Only what comes no later than so long after `after`, or after the play's beginning.
    package var within: Duration?

    package init(after: Sighting? = nil, before: Sighting? = nil, within: Duration? = nil) {
        self.after = after
        self.before = before
        self.within = within
    }

    /// The whole play.
    package static let play = Window()
}

/// What a message came to.
package struct MessageOutcome: Equatable, Sendable {
    package var id: MessageID
    /// Whose message, or for whom; nil: of any device.
    package var device: Participant?
    package var sender: SenderID?
    /// Nil: any state.
    package var state: MessageState?
    /// How often it was written; nil: any number of times.
    package var attempts: Tally?

    package init(id: MessageID) {
        self.id = id
    }
}
