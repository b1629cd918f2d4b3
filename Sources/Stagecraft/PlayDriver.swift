package import Journal
package import Nodes
package import Scenario

/// What carries a play: time, processes and a network between them, virtual or real.
///
/// All of it is used on one thread.
package protocol PlayDriver: AnyObject {
    /// The time that the whole cast shares, as the journal has it.
    var clock: any Scheduler { get }
    var relay: any RelayProcess { get }
    /// Where app servers of the user's connect; nil: nowhere.
    var entrance: String? { get }
    /// Brings on a member of the cast; `start()` starts it.
    func device(_ member: CastMember, _ plan: DevicePlan) -> any DeviceProcess
    func appServer(_ member: CastMember, _ plan: AppServerPlan) -> any AppServerProcess

    /// Ends open connections between a member of the cast and the relay.
    ///
    /// - Returns: how many there were.
    func cut(_ member: Participant, _ how: HowCut, on choice: ConnectionChoice) -> Int
    /// Has everything wait that is written in a direction, or lets it go.
    func hold(_ direction: NetworkDeed.Direction, _ isHeld: Bool) throws(CannotBeDone)
    /// Has a member and the relay not reach each other, or reach each other again.
    func partition(_ member: Participant, _ isPartitioned: Bool) throws(CannotBeDone)
}

extension PlayDriver {
    package var entrance: String? { nil }
}

/// The driver has no means for a step.
package struct CannotBeDone: Error, Sendable {
    /// What cannot be done, for a sentence that says why it was not.
    package let deed: String

    package init(_ deed: String) {
        self.deed = deed
    }
}
