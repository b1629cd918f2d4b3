import CloudMessaging

/// A comparison that stood between a candidate and a match, and what the candidate had.
package struct Miss: Equatable, Sendable, CustomStringConvertible {
    package let comparison: Comparison
    /// Nil: the candidate has no such field.
    package let actual: FieldValue?
    /// Whether the comparison held where a `not` wanted that it does not.
    package let isUnwanted: Bool

    /// `data.parcel: "17" ≠ "18"`: what there was, and how it fails.
    package var description: String {
        guard let actual else { return "\(comparison.field): absent, not \(wanted)" }
        if [.less, .greater].contains(comparison.sign), actual.number == nil {
            return "\(comparison.field): \(actual) is no number"
        }
        return "\(comparison.field): \(actual) \(relation) \(comparison.value)"
    }

    private var wanted: String {
        switch comparison.sign {
        case .equal, .unequal: "\(comparison.value)"
        case .matches, .less, .greater: "\(comparison.sign.rawValue) \(comparison.value)"
        }
    }

    /// How what there was stands to what the expression says.
    private var relation: String {
        switch (comparison.sign, isUnwanted) {
        case (.equal, true), (.unequal, false): "="
        case (.unequal, true), (.equal, false): "≠"
        case (.matches, true): "matches"
        case (.matches, false): "does not match"
        case (.less, true): "<"
        case (.less, false): "≥"
        case (.greater, true): ">"
        case (.greater, false): "≤"
        }
    }
}

extension Match {
    /// The fewest comparisons that would have to turn out differently for a match, in the order of
    /// the expression; none: it matches.
    package func misses(_ candidate: borrowing some Matchable) -> [Miss] {
        root.misses(candidate, wanted: true)
    }

    /// How many comparisons the expression has.
    var comparisonCount: Int { root.comparisonCount }
}

extension Match.Node {
    fileprivate func misses(_ candidate: borrowing some Matchable, wanted: Bool) -> [Miss] {
        switch (self, wanted) {
        case (.comparison(let comparison), _):
            let actual = candidate.value(of: comparison.field)
            guard comparison.holds(for: actual) != wanted else { return [] }
            return [Miss(comparison: comparison, actual: actual, isUnwanted: !wanted)]
        case (.not(let node), _):
            return node.misses(candidate, wanted: !wanted)
        case (.all(let nodes), true), (.any(let nodes), false):
            var misses: [Miss] = []
            for node in nodes { misses += node.misses(candidate, wanted: wanted) }
            return misses
        case (.any(let nodes), true), (.all(let nodes), false):
            // One is enough: the nearest.
            var nearest: [Miss]?
            for node in nodes {
                let misses = node.misses(candidate, wanted: wanted)
                if misses.count < nearest?.count ?? .max { nearest = misses }
            }
            return nearest ?? []
        }
    }

    fileprivate var comparisonCount: Int {
        switch self {
        case .comparison: 1
        case .not(let node): node.comparisonCount
        case .all(let nodes), .any(let nodes): nodes.reduce(0) { $0 + $1.comparisonCount }
        }
    }
}
