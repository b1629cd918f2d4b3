/// What a fault does to one event.
package struct FaultBite: Hashable, Sendable {
    /// `Fault.number`
    package let fault: Int
    package let deed: FaultDeed
    /// Chooses the bit that `corrupt` turns over; 0 for other deeds.
    package let draw: UInt64
}
