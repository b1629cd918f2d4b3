import CloudMessaging

/// A rule that is in force, and what it did so far.
package struct Fault: Sendable {
    /// Counted from 1; never used twice.
    package let number: Int
    package let rule: FaultRule
    /// A fault that is switched off is not asked.
    package internal(set) var isEnabled = true
    /// How many events of its point it was asked about.
    package private(set) var asked = 0
    /// How many of them it bit.
    package private(set) var bitten = 0
    /// Its own, so that other faults do not change what it draws.
    private var entropy: Entropy

    init(number: Int, rule: FaultRule, entropy: Entropy) {
        self.number = number
        self.rule = rule
        self.entropy = entropy
    }

    /// Whether it has bitten as often as it was to.
    package var isUsedUp: Bool {
        if case .times(let count) = rule.frequency { return bitten >= count }
        return false
    }

    /// Whether it is to be asked.
    var isLive: Bool { isEnabled && !isUsedUp }

    /// What it does to an event; nil: nothing. Draws once for each event that it matches, if it
    /// bites by chance.
    mutating func bite(isMatch: Bool) -> FaultBite? {
        asked += 1
        guard isMatch else { return nil }
        if case .probability(let chance) = rule.frequency {
            guard entropy.nextFraction() < chance else { return nil }
        }
        bitten += 1
        return FaultBite(
            fault: number, deed: rule.deed, draw: rule.deed == .corrupt ? entropy.next() : 0)
    }
}
