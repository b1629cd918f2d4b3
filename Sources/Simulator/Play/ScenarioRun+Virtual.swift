import Journal
package import Scenario

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
            failure: record.violation?.description ?? record.problem?.description, took: took())
    }
}
