import CloudMessaging
package import Invariants
import Scenario

/// Plays by chance, many of them: what must hold is judged, and what does not is made small.
package enum Sweep {
    /// What one seed came to.
    package enum Outcome: Sendable {
        case good
        /// The play as a scenario file, and what did not hold.
        case violated(RandomPlay, Violation)
    }

    package static func outcome(ofSeed seed: UInt64) -> Outcome {
        outcome(of: RandomPlay(seed: seed))
    }

    package static func outcome(of play: RandomPlay) -> Outcome {
        record(of: play).violation.map { .violated(play, $0) } ?? .good
    }

    /// Plays it; a step that cannot be done is left out.
    package static func record(of play: RandomPlay) -> PlayRecord {
        do {
            let file = try ScenarioFile.read(play.text, path: "seed \(play.seed)")
            return VirtualPlay.run(file)
        } catch {
            preconditionFailure("a play of our own making does not parse: \(error)")
        }
    }

    /// Leaves out everything without which the same invariant still does not hold.
    ///
    /// - Parameter limit: plays that this may take.
    package static func shrink(
        _ play: RandomPlay, _ violation: Violation, limit: Int = 400
    ) -> (play: RandomPlay, violation: Violation) {
        var shrinker = Shrinker(play, violation, limit: limit)
        return shrinker.shrink()
    }
}

/// Finds a smaller play with the same fault: acts in chunks, then one by one, then settings and cast.
private struct Shrinker {
    private var best: RandomPlay
    private var violation: Violation
    private var left: Int

    init(_ play: RandomPlay, _ violation: Violation, limit: Int) {
        best = play
        self.violation = violation
        left = limit
    }

    mutating func shrink() -> (play: RandomPlay, violation: Violation) {
        var size = max(1, best.acts.count / 2)
        while left > 0 {
            var hasShrunk = false
            var start = 0
            while start < best.acts.count {
                var smaller = best
                smaller.acts.removeSubrange(start..<min(start + size, best.acts.count))
                if accept(smaller) { hasShrunk = true } else { start += size }
            }
            if size > 1 { size /= 2 } else if !hasShrunk { break }
        }
        shrinkLines()
        shrinkCast()
        for index in best.relay.indices.reversed() {
            var smaller = best
            smaller.relay.remove(at: index)
            _ = accept(smaller)
        }
        return (best, violation)
    }

    /// Whoever no act names can go, if the fault does not need him; then the ways to the relay.
    private mutating func shrinkCast() {
        for index in best.cast.indices.reversed() {
            let name = best.cast[index].name
            let isNamed = best.acts.contains { act in
                act.lines.contains { $0.text.contains(name) }
            }
            guard !isNamed else { continue }
            var smaller = best
            smaller.cast.remove(at: index)
            _ = accept(smaller)
        }
        for index in best.cast.indices {
            guard let range = best.cast[index].text.firstRange(of: ", network: {") else { continue }
            var smaller = best
            smaller.cast[index].text = best.cast[index].text[..<range.lowerBound] + "}"
            _ = accept(smaller)
        }
    }

    /// Many messages of one step become two, then one.
    private mutating func shrinkLines() {
        for act in best.acts.indices {
            for line in best.acts[act].lines.indices {
                let text = best.acts[act].lines[line].text
                guard let list = text.firstRange(of: "ids: m-"),
                    let dots = text.firstRange(of: ".."),
                    let end = text[dots.upperBound...].firstRange(of: "}")
                else { continue }
                let first = text[list.upperBound..<dots.lowerBound]
                let rest =
                    text[dots.upperBound..<end.lowerBound].firstIndex(of: ",")
                    .map { text[$0..<end.lowerBound] } ?? ""
                var smaller = best
                smaller.acts[act].lines[line] = RandomPlay.Line(
                    time: best.acts[act].lines[line].time,
                    text: text[..<list.lowerBound] + "id: m-\(first)\(rest)"
                        + text[end.lowerBound...])
                _ = accept(smaller)
            }
        }
    }

    private mutating func accept(_ play: RandomPlay) -> Bool {
        guard left > 0 else { return false }
        left -= 1
        guard case .violated(_, let found) = Sweep.outcome(of: play),
            found.invariant == violation.invariant
        else { return false }
        best = play
        violation = found
        return true
    }
}
