import CloudMessaging
package import Journal

/// A fault: where it bites, what it does, how often (contract: "A fault").
package struct FaultRule: Sendable, Equatable {
    package let point: FaultPoint
    /// What it bites; nil: everything at its point.
    package let match: Match?
    package let deed: FaultDeed
    package let frequency: Frequency

    package enum Frequency: Sendable, Equatable {
        /// Every time.
        case always
        /// The first so many times, at least one.
        case times(Int)
        /// By chance, 0 never and 1 always.
        case probability(Double)
    }

    /// - Throws: when the deed makes no sense there, or a number is out of its bounds.
    package init(
        on point: FaultPoint, match: Match? = nil, do deed: FaultDeed,
        _ frequency: Frequency = .always
    ) throws(FaultRuleError) {
        guard FaultEffect.meaning(of: deed.name, at: point) != nil else {
            throw Self.senselessPair(point, deed.name)
        }
        switch deed {
        case .delay(let delay) where delay <= .zero:
            throw FaultRuleError("delay must be longer than nothing")
        case .nack(let code) where !Self.isCode(code):
            throw FaultRuleError(
                "code \"\(code)\" is none",
                remedy: "write A to Z, digits and _, at most "
                    + "\(Limits.faultCodeBytes.upperBound): SERVICE_UNAVAILABLE")
        default:
            break
        }
        switch frequency {
        case .times(let count) where count < 1:
            throw FaultRuleError(
                "times must be at least 1, not \(count)", remedy: "a fault can be switched off")
        case .probability(let chance) where !(0...1).contains(chance):
            throw FaultRuleError("probability must be from 0 to 1, not \(chance)")
        case .always, .times, .probability:
            break
        }
        self.point = point
        self.match = match
        self.deed = deed
        self.frequency = frequency
    }

    private static func senselessPair(
        _ point: FaultPoint, _ deed: FaultDeed.Name
    ) -> FaultRuleError {
        let deeds = FaultEffect.all.filter { $0.point == point }.map(\.deed.rawValue)
        let points = FaultEffect.all.filter { $0.deed == deed }.map(\.point.rawValue)
        return FaultRuleError(
            "\(deed.rawValue) makes no sense on \(point.rawValue)",
            remedy: "\(point.rawValue) knows \(deeds.joined(separator: ", ")); "
                + "\(deed.rawValue) can be done on \(points.joined(separator: ", "))")
    }

    /// As the protocol's own codes look; others may be tried on an app server, too.
    private static func isCode(_ text: String) -> Bool {
        Limits.faultCodeBytes.contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (65...90).contains($0) || (48...57).contains($0) || $0 == 95
            }
    }
}
