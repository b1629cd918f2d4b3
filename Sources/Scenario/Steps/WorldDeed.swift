package import Faults
package import Journal

/// What the relay does, or what befalls it.
package enum RelayDeed: Equatable, Sendable {
    case crashes
    /// Starts again; one that runs is stopped in order before.
    case restarts
    /// As a crash, and what was not committed is lost.
    case losesPower
    /// In order, as at SIGTERM.
    case stops
    /// Announces the end of an app server's connections; nil: of all that it has.
    case drains(Participant, on: ConnectionChoice?)
}

/// The disk under the relay.
package enum StoreDeed: Equatable, Sendable {
    /// Takes nothing more, as a full disk does.
    case fails(reason: String)
    case recovers
}

package enum NetworkDeed: Equatable, Sendable {
    /// Ends connections between the relay and a member; nil: all that there are.
    case cut(Participant, on: ConnectionChoice?, how: HowCut)
    /// Bytes of one direction wait from now on.
    case hold(Direction)
    /// What waited comes, and all that follows passes again.
    case release(Direction)
    /// Nothing passes between the two, connections cannot be opened, nobody is told.
    case partition(Participant)
    case repair(Participant)

    /// One direction between the relay and a member.
    package enum Direction: Equatable, Sendable {
        case fromRelay(to: Participant)
        case toRelay(from: Participant)
    }
}

/// A fault that begins to bite.
package struct FaultPlan: Equatable, Sendable {
    /// By which `mend` ends it.
    package let name: String?
    package let rule: FaultRule

    package init(name: String?, rule: FaultRule) {
        self.name = name
        self.rule = rule
    }
}
