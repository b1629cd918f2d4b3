package import Journal

/// What is done, and when. Steps run in the order of the file.
package struct Step: Sendable {
    package let moment: Moment
    /// Nil: the step only waits.
    package let deed: Deed?
    package let place: SourcePlace

    package init(_ moment: Moment, _ deed: Deed?, at place: SourcePlace = .start) {
        self.moment = moment
        self.deed = deed
        self.place = place
    }

    package enum Moment: Equatable, Sendable {
        /// As soon as the step before is done.
        case next
        /// So long after the play's beginning; never earlier than the step before.
        case at(Duration)
        /// So long after the step before.
        case wait(Duration)
        /// Once an event matches that comes after the step before; the play fails if none comes
        /// within the time, or before its end.
        case until(Match, within: Duration?)
    }
}

/// What somebody does, as a value for the drivers.
package enum Deed: Equatable, Sendable {
    case device(Participant, DeviceDeed)
    case appServer(Participant, AppServerDeed)
    case relay(RelayDeed)
    case store(StoreDeed)
    case network(NetworkDeed)
    case fault(FaultPlan)
    /// Ends the fault of that name.
    case mend(String)
    /// The clock of one process jumps, back where the duration is negative.
    case clock(of: Participant, by: Duration)
}
