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

/// Makes a play by chance small: its acts, then messages, cast and settings.
private struct Shrinker {
    private var shrinking: Shrinking<RandomPlay>

    init(_ play: RandomPlay, _ violation: Violation, limit: Int) {
        shrinking = Shrinking(play, violation, limit: limit) { play in
            Sweep.record(of: play).violation
        }
    }

    private var best: RandomPlay { shrinking.best }

    mutating func shrink() -> (play: RandomPlay, violation: Violation) {
        shrinking.leaveOut(count: \.acts.count) { $0.acts.removeSubrange($1) }
        shrinkLines()
        shrinkCast()
        shrinking.leaveOut(count: \.relay.count) { $0.relay.removeSubrange($1) }
        return (best, shrinking.violation)
    }

    /// Whoever no act names can go, if the fault does not need him; then the ways to the relay.
    private mutating func shrinkCast() {
        for index in best.cast.indices.reversed() {
            let name = best.cast[index].name
            let isNamed = best.acts.contains { act in
                act.lines.contains { $0.text.contains(name) }
            }
            guard !isNamed else { continue }
            shrinking.change { $0.cast.remove(at: index) }
        }
        for index in best.cast.indices {
            let text = best.cast[index].text
            guard let range = text.firstRange(of: ", network: {") else { continue }
            shrinking.change { $0.cast[index].text = text[..<range.lowerBound] + "}" }
        }
    }

    /// Many messages of one step become one.
    private mutating func shrinkLines() {
        for act in best.acts.indices {
            for index in best.acts[act].lines.indices {
                let line = best.acts[act].lines[index]
                guard let text = Self.firstAlone(line.text) else { continue }
                shrinking.change {
                    $0.acts[act].lines[index] = RandomPlay.Line(time: line.time, text: text)
                }
            }
        }
    }

    /// A step that sends several messages, with the first of them only; nil: it is none.
    private static func firstAlone(_ text: String) -> String? {
        guard let list = text.firstRange(of: "ids: m-"), let dots = text.firstRange(of: ".."),
            let end = text[dots.upperBound...].firstIndex(where: { $0 == "," || $0 == "}" })
        else { return nil }
        return text[..<list.lowerBound] + "id: m-" + text[list.upperBound..<dots.lowerBound]
            + text[end...]
    }
}
