import CloudMessaging
package import Faults

/// The faults of a relay by reference: they outlast its lives, and may be changed while it runs.
package final class SharedFaults {
    package var box: FaultBox

    /// The faults that a relay begins with, and its chance.
    package init(_ settings: RelayNodeSettings) {
        // A draw of its own: the relay's lives count from 1.
        var entropy = Entropy(seed: settings.seed, life: 0)
        box = FaultBox(entropy: &entropy)
        do {
            for rule in settings.faults { try box.add(rule) }
        } catch {
            preconditionFailure("more faults than a relay may have: \(error)")
        }
    }
}
