import Invariants

/// Finds a smaller play with the same fault: what is left out stays out when the fault is still there.
struct Shrinking<Play> {
    private(set) var best: Play
    private(set) var violation: Violation
    /// Plays that it may still take.
    private var left: Int
    private let judge: (Play) -> Violation?

    /// - Parameters:
    ///   - limit: plays that this may take.
    ///   - judge: plays one; nil: all held.
    init(
        _ play: Play, _ violation: Violation, limit: Int, judge: @escaping (Play) -> Violation?
    ) {
        best = play
        self.violation = violation
        left = limit
        self.judge = judge
    }

    /// Leaves out parts of a list: halves, quarters, and so on until one by one.
    mutating func leaveOut(
        count: (Play) -> Int, _ remove: (inout Play, Range<Int>) -> Void
    ) {
        var size = max(1, count(best) / 2)
        while left > 0 {
            var hasShrunk = false
            var start = 0
            while left > 0, start < count(best) {
                let part = start..<min(start + size, count(best))
                if change({ remove(&$0, part) }) { hasShrunk = true } else { start += size }
            }
            if size > 1 { size /= 2 } else if !hasShrunk { break }
        }
    }

    /// Keeps a change if the same invariant still does not hold.
    @discardableResult
    mutating func change(_ change: (inout Play) -> Void) -> Bool {
        guard left > 0 else { return false }
        left -= 1
        var play = best
        change(&play)
        guard let found = judge(play), found.invariant == violation.invariant else { return false }
        best = play
        violation = found
        return true
    }
}
