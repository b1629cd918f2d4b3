package import Invariants

/// Tries whatever can happen in a small world, in every order, up to a number of moves.
///
/// Worlds that are equal are gone on with once, and counted as often as there are ways to them; so
/// nothing is left out, and the figures are the same each time.
package struct SmallWorldSearch {
    /// What is so many moves away from the beginning.
    package struct Layer: Hashable, Sendable {
        /// Different worlds; nil: not told apart, as nothing goes on from there.
        package let worlds: Int?
        /// Moves that were tried to get here.
        package let moves: Int
        /// Orders in which things can happen, so many moves long.
        package let interleavings: Int
    }

    /// What did not hold, and the shortest way there.
    package struct Failure: Error, Sendable, CustomStringConvertible {
        package let violation: Violation
        package let moves: [SmallWorldMove]
        /// Whether it came up when everything was to come to its end.
        package let isAtEnding: Bool

        package var description: String {
            let way = moves.map(\.description).joined(separator: ", ")
            return "\(violation) after \(way)" + (isAtEnding ? ", and all that is left to do" : "")
        }
    }

    private struct Found {
        let world: SmallWorld
        var ways: Int
        /// Where it was come from in the layer before, and by what.
        let origin: Int
        let move: SmallWorldMove?
    }

    package let plan: SmallWorldPlan
    /// From no move on.
    package private(set) var layers: [Layer] = []
    /// Worlds from which everything was brought to its end, and the moves that took.
    package private(set) var endings = 0
    package private(set) var endingMoves = 0
    /// All layers together; the last one's worlds are those that were brought to their end. The
    /// interleavings are the longest ones only: all shorter ones are beginnings of them.
    package var total: (worlds: Int, moves: Int, interleavings: Int) {
        (
            layers.reduce(0) { $0 + ($1.worlds ?? 0) },
            layers.reduce(endingMoves) { $0 + $1.moves },
            layers.last?.interleavings ?? 0
        )
    }

    private var current: [Found] = []
    /// How each world of the layers before was reached.
    private var origins: [[(origin: Int, move: SmallWorldMove?)]] = []

    package init(_ plan: SmallWorldPlan) {
        self.plan = plan
    }

    /// Tries all orders of so many moves, and brings to its end what is one move before.
    package mutating func run(depth: Int) throws(Failure) {
        do throws(Violation) {
            current = [Found(world: try SmallWorld(plan), ways: 1, origin: 0, move: nil)]
        } catch {
            throw Failure(violation: error, moves: [], isAtEnding: false)
        }
        layers = [Layer(worlds: 1, moves: 0, interleavings: 1)]
        for step in 1...depth {
            let isLast = step == depth
            if isLast { try finishAll() }
            try goOn(keeping: !isLast)
        }
    }

    /// Makes the next layer.
    private mutating func goOn(keeping isKept: Bool) throws(Failure) {
        var next: [Found] = []
        var places: [SmallWorld: Int] = [:]
        var tried = 0
        var interleavings = 0
        for (place, found) in current.enumerated() {
            for move in found.world.moves {
                tried += 1
                interleavings += found.ways
                var world = found.world
                do throws(Violation) {
                    try world.make(move)
                } catch {
                    throw Failure(
                        violation: error, moves: way(to: place) + [move], isAtEnding: false)
                }
                guard isKept else { continue }
                if let known = places[world] {
                    next[known].ways += found.ways
                } else {
                    places[world] = next.count
                    next.append(Found(world: world, ways: found.ways, origin: place, move: move))
                }
            }
        }
        layers.append(
            Layer(
                worlds: isKept ? next.count : nil, moves: tried, interleavings: interleavings))
        guard isKept else { return }
        origins.append(current.map { ($0.origin, $0.move) })
        current = next
    }

    private mutating func finishAll() throws(Failure) {
        for (place, found) in current.enumerated() {
            var world = found.world
            do throws(Violation) {
                endingMoves += try world.finish()
                endings += 1
            } catch {
                throw Failure(violation: error, moves: way(to: place), isAtEnding: true)
            }
        }
    }

    /// The moves that lead to a world of the current layer.
    private func way(to place: Int) -> [SmallWorldMove] {
        var moves: [SmallWorldMove] = []
        var step = (origin: current[place].origin, move: current[place].move)
        for layer in origins.reversed() {
            if let move = step.move { moves.append(move) }
            step = layer[step.origin]
        }
        return moves.reversed()
    }
}
