/// How often events of a set come in a part of the play: what an expectation says, or what must be
/// if it is met.
struct Claim {
    let events: EventSet
    let tally: Tally
    let span: Span
    let place: SourcePlace

    init(_ events: EventSet, _ tally: Tally, _ span: Span = .play, at place: SourcePlace) {
        self.events = events
        self.tally = tally
        self.span = span
        self.place = place
    }

    /// Whether all that this one counts is counted by the other, too.
    func counts(inside whole: Claim) -> Bool {
        events.isPart(of: whole.events) && span.isPart(of: whole.span)
    }
}

/// A part of the play, as `Window` has it.
struct Span {
    var after: EventSet?
    var before: EventSet?
    var within: Duration?

    static let play = Span()

    /// Whether nothing can be in it: what comes after something is not before it.
    var isEmpty: Bool {
        guard let after, let before else { return false }
        return after.isPart(of: before)
    }

    /// Whether every moment of this one is for certain in the other. The first of a part comes no
    /// earlier than the first of the whole.
    func isPart(of whole: Span) -> Bool {
        if let bound = whole.after, !(after?.isPart(of: bound) ?? false) { return false }
        if let bound = whole.before, !(before.map { bound.isPart(of: $0) } ?? false) {
            return false
        }
        guard let bound = whole.within else { return true }
        return (within.map { $0 <= bound } ?? false) && hasSameStart(as: whole)
    }

    private func hasSameStart(as other: Span) -> Bool {
        switch (after, other.after) {
        case (nil, nil): true
        case (let one?, let another?): one.isPart(of: another) && another.isPart(of: one)
        default: false
        }
    }
}
