import CloudMessaging

/// An expression of the match language, read once and asked often:
/// `sender_id=4711 and (attempt>2 or data.parcel~"^1")`.
///
/// Texts are compared by their bytes. What a field does not have equals nothing.
package struct Match: Sendable, Equatable, CustomStringConvertible {
    /// The expression as it was written.
    package let description: String
    let root: Node

    /// `and` binds tighter than `or`, and `not` tightest.
    indirect enum Node: Sendable, Equatable {
        case comparison(Comparison)
        case not(Node)
        case all([Node])
        case any([Node])
    }

    package init(parsing text: String) throws(MatchError) {
        var parser = try MatchParser(text)
        root = try parser.expression()
        description = text
    }

    /// Whether the expression is true.
    package func accepts(_ candidate: borrowing some Matchable) -> Bool {
        root.accepts(candidate)
    }

    /// Whether it asks for something that only an event has: `event`, `error`, `actor`, `deed` or
    /// `count`.
    package var asksOfEvents: Bool { root.asksOfEvents }

    package static func == (left: Match, right: Match) -> Bool {
        left.description.hasSameBytes(as: right.description)
    }
}

extension Match.Node {
    fileprivate var asksOfEvents: Bool {
        switch self {
        case .comparison(let comparison):
            [.event, .error, .actor, .deed, .count].contains(comparison.field)
        case .not(let node): node.asksOfEvents
        case .all(let nodes), .any(let nodes): nodes.contains(where: \.asksOfEvents)
        }
    }

    fileprivate func accepts(_ candidate: borrowing some Matchable) -> Bool {
        switch self {
        case .comparison(let comparison):
            return comparison.holds(for: candidate.value(of: comparison.field))
        case .not(let node):
            return !node.accepts(candidate)
        case .all(let nodes):
            for node in nodes where !node.accepts(candidate) { return false }
            return true
        case .any(let nodes):
            for node in nodes where node.accepts(candidate) { return true }
            return false
        }
    }
}
