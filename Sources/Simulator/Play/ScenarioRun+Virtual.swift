import Invariants
import Journal
package import Scenario
import Stagecraft

extension ScenarioRun {
    /// Plays a file in virtual time and judges its expectations.
    ///
    /// - Parameters:
    ///   - seed: rules all randomness; nil: the file's own.
    ///   - took: gives the real time that passed, for the report; nothing here has a clock.
    package init(
        playing file: ScenarioFile, path: String, seed: UInt64? = nil,
        took: () -> Duration = { .zero }
    ) {
        let record = VirtualPlay.run(file, seed: seed)
        let page = record.journal.events()
        self.init(
            file, path: path, driver: .virtual, seed: seed ?? file.seed,
            evidence: Evidence(page.events, start: record.began, hasGap: page.hasGap),
            failure: record.failure(of: file, at: path), took: took())
    }
}

extension PlayRecord {
    /// - Parameter path: of the file that was played.
    fileprivate func failure(of file: ScenarioFile, at path: String) -> PlayFailure? {
        if let violation {
            let step = step(before: violation)
            let deeds = file.steps.filter { $0.deed != nil }
            let place = deeds.prefix(step).last.map { " at \(path):\($0.place)" } ?? ""
            return PlayFailure(
                .invariant, "\(violation), after step \(step)\(place)",
                event: violation.event > 0 ? violation.event : nil)
        }
        guard let problem else { return nil }
        return problem.failure(at: path)
    }

    /// The number of the step that was done last; 0: none was.
    private func step(before violation: Violation) -> Int {
        journal.events().events.count {
            $0.kind == .scenarioStep && (violation.event == 0 || $0.number <= violation.event)
        }
    }
}
