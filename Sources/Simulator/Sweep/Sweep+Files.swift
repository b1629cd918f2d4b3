package import Invariants
package import Scenario

extension Sweep {
    /// Leaves out of a file, played under a seed, everything without which the same invariant still
    /// does not hold.
    ///
    /// - Parameters:
    ///   - file: one that was read.
    ///   - limit: plays that this may take.
    /// - Returns: nil: everything holds.
    package static func shrink(
        _ file: ScenarioFile, seed: UInt64, limit: Int = 400
    ) -> (draft: ScenarioDraft, violation: Violation)? {
        var draft = ScenarioDraft(file)
        draft.seed = seed
        guard let violation = violation(in: draft) else { return nil }
        var shrinking = Shrinking(draft, violation, limit: limit, judge: violation(in:))
        for section in ScenarioDraft.Section.allCases {
            shrinking.leaveOut(count: { $0.count(section) }) { $0.remove($1, from: section) }
        }
        return (shrinking.best, shrinking.violation)
    }

    /// What a draft does not keep; nil as well when it is no scenario.
    private static func violation(in draft: ScenarioDraft) -> Violation? {
        guard let file = try? ScenarioFile.read(draft.text, path: "") else { return nil }
        return VirtualPlay.run(file).violation
    }
}
