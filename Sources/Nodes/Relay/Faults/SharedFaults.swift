import CloudMessaging
package import Faults

/// The faults of a relay by reference: they outlast its lives, and may be changed while it runs.
package final class SharedFaults {
    package var box: FaultBox

    /// - Parameter seed: that of the relay; rules what bites by chance.
    package init(seed: UInt64) {
        // A draw of its own: the relay's lives count from 1.
        var entropy = Entropy(seed: seed, life: 0)
        box = FaultBox(entropy: &entropy)
    }
}
