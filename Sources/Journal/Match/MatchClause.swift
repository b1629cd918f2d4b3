/// One of the ways in which an expression can be true: comparisons that must all hold, or not hold.
///
/// What is said of clauses is said before there is any candidate, so it errs on one side: what
/// cannot be told is taken for possible.
package struct MatchClause: Sendable {
    fileprivate(set) var conditions: [Condition]

    struct Condition: Equatable, Sendable {
        let comparison: Comparison
        let isWanted: Bool

        init(_ comparison: Comparison, isWanted: Bool) {
            let isUnequal = comparison.sign == .unequal
            self.comparison =
                isUnequal ? Comparison(comparison.field, .equal, comparison.value) : comparison
            self.isWanted = isWanted != isUnequal
        }

        var opposite: Condition { Condition(comparison, isWanted: !isWanted) }

        func holds(for value: FieldValue?) -> Bool { comparison.holds(for: value) == isWanted }
    }

    /// Asks for nothing.
    package static let anything = MatchClause(conditions: [])

    /// Whether nothing can ever be as it asks.
    package var isContradictory: Bool {
        conditions.contains { Self.excludeEachOther(conditions.on($0.comparison.field)) }
    }

    /// Whether all that is as this one asks is as the other asks, too.
    package func implies(_ other: MatchClause) -> Bool {
        other.conditions.allSatisfy { condition in
            let field = condition.comparison.field
            return Self.excludeEachOther(conditions.on(field) + [condition.opposite])
        }
    }

    /// Whether nothing can be as both ask.
    package func excludes(_ other: MatchClause) -> Bool {
        (self && other).isContradictory
    }

    /// The one value that the field must have; nil: it may have several.
    package func value(of field: MatchField) -> String? {
        conditions.on(field).first { $0.isWanted && $0.comparison.sign == .equal }?
            .comparison.value.text
    }

    /// Without the comparison by which a field must have this value.
    package func without(_ field: MatchField, _ value: String) -> MatchClause {
        let comparison = Comparison(field, .equal, .text(value))
        return MatchClause(
            conditions: conditions.filter { $0 != Condition(comparison, isWanted: true) })
    }

    fileprivate static func && (left: MatchClause, right: MatchClause) -> MatchClause {
        MatchClause(conditions: left.conditions + right.conditions)
    }

    /// - Parameter conditions: of one field.
    private static func excludeEachOther(_ conditions: [Condition]) -> Bool {
        guard let field = conditions.first?.comparison.field else { return false }
        if let exact = conditions.first(where: { $0.isWanted && $0.comparison.sign == .equal }) {
            return !conditions.allSatisfy { $0.holds(for: exact.comparison.value) }
        }
        if let vocabulary = field.vocabulary {
            var values = vocabulary.map { Optional(FieldValue.text($0)) }
            if field != .event { values.append(nil) }
            return !values.contains { value in conditions.allSatisfy { $0.holds(for: value) } }
        }
        return conditions.contains { conditions.contains($0.opposite) }
            || NumberSpan(conditions).isEmpty
    }
}

extension [MatchClause.Condition] {
    fileprivate func on(_ field: MatchField) -> [MatchClause.Condition] {
        filter { $0.comparison.field == field }
    }
}

/// The numbers that conditions leave to a field.
private struct NumberSpan {
    private var least = -Double.infinity
    private var most = Double.infinity
    /// Whether the ends themselves are left out.
    private var isAbove = false
    private var isBelow = false
    /// Whether it must be a number at all.
    private var isNumber = false

    init(_ conditions: [MatchClause.Condition]) {
        for condition in conditions {
            guard let bound = condition.comparison.value.number else { continue }
            switch (condition.comparison.sign, condition.isWanted) {
            case (.greater, let isWanted): isWanted ? begin(above: bound) : end(at: bound)
            case (.less, let isWanted): isWanted ? end(below: bound) : begin(at: bound)
            default: continue
            }
            if condition.isWanted { isNumber = true }
        }
        guard conditions.first?.comparison.field.isNumber ?? false else { return }
        // Whole numbers: above 2 is from 3.
        if isAbove { begin(at: least.rounded(.down) + 1) }
        if isBelow { end(at: most.rounded(.up) - 1) }
    }

    var isEmpty: Bool {
        isNumber && (least > most || (least == most && (isAbove || isBelow)))
    }

    private mutating func begin(above bound: Double) {
        if bound >= least { (least, isAbove) = (bound, true) }
    }

    private mutating func begin(at bound: Double) {
        if bound > least { (least, isAbove) = (bound, false) }
    }

    private mutating func end(below bound: Double) {
        if bound <= most { (most, isBelow) = (bound, true) }
    }

    private mutating func end(at bound: Double) {
        if bound < most { (most, isBelow) = (bound, false) }
    }
}

extension Match {
    /// All ways in which it can be true; nil: there are too many to tell.
    package var clauses: [MatchClause]? { root.clauses(wanted: true) }
}

extension Match.Node {
    /// A product of alternatives grows with every factor.
    private static let mostClauses = 64

    fileprivate func clauses(wanted: Bool) -> [MatchClause]? {
        switch (self, wanted) {
        case (.comparison(let comparison), _):
            return [MatchClause(conditions: [.init(comparison, isWanted: wanted)])]
        case (.not(let node), _):
            return node.clauses(wanted: !wanted)
        case (.all(let nodes), true), (.any(let nodes), false):
            var product = [MatchClause(conditions: [])]
            for node in nodes {
                guard let clauses = node.clauses(wanted: wanted),
                    product.count * clauses.count <= Self.mostClauses
                else { return nil }
                product = product.flatMap { left in clauses.map { left && $0 } }
            }
            return product
        case (.any(let nodes), true), (.all(let nodes), false):
            var sum: [MatchClause] = []
            for node in nodes {
                guard let clauses = node.clauses(wanted: wanted),
                    sum.count + clauses.count <= Self.mostClauses
                else { return nil }
                sum += clauses
            }
            return sum
        }
    }
}
