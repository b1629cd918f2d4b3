package import CloudMessaging
package import Journal

/// All faults of a relay: one event in, a list of deeds out.
///
/// Faults are asked in the order in which they were added. Those that match and have bites left each
/// do their deed, up to the first after which nothing is left of the event: the later ones keep
/// their bites. The same events give the same deeds for the same seed.
package struct FaultBox: Sendable {
    /// In the order in which they were added, at most `Limits.faultRules`.
    package private(set) var faults: [Fault] = []
    /// The number of the last one that was added.
    private var lastNumber = 0
    private let seed: UInt64
    /// A bit for each point with a live fault: nearly always there is none.
    private var livePoints: UInt8 = 0

    /// Draws one number.
    package init(entropy: inout Entropy) {
        seed = entropy.next()
    }

    // MARK: Rules

    /// Puts a rule in force and returns its number.
    @discardableResult
    package mutating func add(_ rule: FaultRule) throws(FaultRuleError) -> Int {
        guard faults.count < Limits.faultRules else {
            throw FaultRuleError(
                "there are \(Limits.faultRules) faults already", remedy: "remove some")
        }
        lastNumber += 1
        let entropy = Entropy(seed: seed, life: UInt64(lastNumber))
        faults.append(Fault(number: lastNumber, rule: rule, entropy: entropy))
        notePoints()
        return lastNumber
    }

    /// False: there is no such fault.
    @discardableResult
    package mutating func remove(_ number: Int) -> Bool {
        guard let index = index(of: number) else { return false }
        faults.remove(at: index)
        notePoints()
        return true
    }

    /// Removes all; their numbers are not used again.
    package mutating func clear() {
        faults = []
        notePoints()
    }

    /// Switches a fault on or off; its counters stay. False: there is no such fault.
    @discardableResult
    package mutating func setEnabled(_ number: Int, _ isEnabled: Bool) -> Bool {
        guard let index = index(of: number) else { return false }
        faults[index].isEnabled = isEnabled
        notePoints()
        return true
    }

    package func fault(_ number: Int) -> Fault? {
        index(of: number).map { faults[$0] }
    }

    private func index(of number: Int) -> Int? {
        faults.firstIndex { $0.number == number }
    }

    // MARK: Events

    /// Whether an event there may be bitten; false spares making its fields.
    @inline(__always)
    package func isLive(at point: FaultPoint) -> Bool {
        livePoints & Self.bit(point) != 0
    }

    /// What happens to an event, in this order; none: it has its way.
    package mutating func bites(
        at point: FaultPoint, on event: borrowing some Matchable
    ) -> [FaultBite] {
        guard isLive(at: point) else { return [] }
        var bites: [FaultBite] = []
        for index in faults.indices where faults[index].isLive {
            guard faults[index].rule.point == point else { continue }
            let isMatch = faults[index].rule.match?.accepts(event) ?? true
            guard let bite = faults[index].bite(isMatch: isMatch) else { continue }
            bites.append(bite)
            if bite.deed.isFinal { break }
        }
        notePoints()
        return bites
    }

    private mutating func notePoints() {
        livePoints = faults.reduce(0) { points, fault in
            fault.isLive ? points | Self.bit(fault.rule.point) : points
        }
    }

    @inline(__always)
    private static func bit(_ point: FaultPoint) -> UInt8 {
        switch point {
        case .upstreamStanza: 1
        case .upstreamAck: 2
        case .downstreamStanza: 4
        case .downstreamAnswer: 8
        case .receipt: 16
        case .connection: 32
        case .login: 64
        }
    }
}
