package import Faults

/// One pair of `on` and `do`: what the app server sees of a play in which it bites once, and what
/// the relay believes.
package struct FaultCase: Sendable, CustomStringConvertible {
    package let point: FaultPoint
    package let deed: FaultDeed
    /// What the app server sees after its login, in order.
    package let sees: [String]
    package let state: Heard.State
    /// What the relay takes for done: messages sent or settled, what the device got of requests
    /// (one that has the same ID and comes at once again it gets once).
    package let believes: [String]
    /// How much of what it would see otherwise comes; nil: that is not compared.
    package let bytes: Bytes?

    package enum Bytes: Sendable { case halfOfTheStanza, oneBitElse }

    init(
        _ point: FaultPoint, _ deed: FaultDeed, sees: [String],
        _ state: Heard.State = .open, believes: [String] = [], _ bytes: Bytes? = nil
    ) {
        self.point = point
        self.deed = deed
        self.sees = sees
        self.state = state
        self.believes = believes
        self.bytes = bytes
    }

    package var description: String { "\(point.rawValue) \(deed.name.rawValue)" }
}
