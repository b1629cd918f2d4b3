/// The first of some events must come before the first of others.
struct Precedence {
    let first: EventSet
    let second: EventSet
    /// Whether it may not be the same event.
    let isStrict: Bool
    let place: SourcePlace

    init(_ first: EventSet, _ second: EventSet, isStrict: Bool, at place: SourcePlace) {
        self.first = first
        self.second = second
        self.isStrict = isStrict
        self.place = place
    }
}

/// What must come before what; a circle cannot be.
struct PrecedenceGraph {
    private struct Edge {
        let target: Int
        let isStrict: Bool
        /// Nil: no expectation says so, but all of the one is of the other.
        let place: SourcePlace?
    }

    private var sets: [EventSet] = []
    /// By the places of the sets.
    private var edges: [[Edge]] = []

    init(_ precedences: [Precedence]) {
        for precedence in precedences.prefix(ScenarioLimits.precedences) {
            let (first, second) = (node(of: precedence.first), node(of: precedence.second))
            edges[first].append(
                Edge(target: second, isStrict: precedence.isStrict, place: precedence.place))
        }
    }

    /// The places of the expectations of which a circle is made, in the order of the file, a circle
    /// for each strict precedence that is in one.
    var circles: [[SourcePlace]] {
        edges.indices.flatMap { source in
            edges[source].filter(\.isStrict).compactMap { edge in
                path(from: edge.target, to: source).map { path in
                    Set(path + [edge.place].compactMap(\.self)).sorted()
                }
            }
        }
    }

    private mutating func node(of set: EventSet) -> Int {
        let parts = sets.indices.filter { sets[$0].isPart(of: set) }
        let wholes = sets.indices.filter { set.isPart(of: sets[$0]) }
        if let same = parts.first(where: wholes.contains) { return same }
        // The whole comes no later than its part.
        let node = sets.count
        sets.append(set)
        edges.append(parts.map { Edge(target: $0, isStrict: false, place: nil) })
        for whole in wholes {
            edges[whole].append(Edge(target: node, isStrict: false, place: nil))
        }
        return node
    }

    /// The places on the shortest way; nil: there is none.
    private func path(from start: Int, to goal: Int) -> [SourcePlace]? {
        var ways: [Int: [SourcePlace]] = [start: []]
        var queue = [start]
        var next = 0
        while next < queue.count {
            let node = queue[next]
            next += 1
            let way = ways[node] ?? []
            if node == goal { return way }
            for edge in edges[node] where ways[edge.target] == nil {
                ways[edge.target] = way + [edge.place].compactMap(\.self)
                queue.append(edge.target)
            }
        }
        return nil
    }
}
