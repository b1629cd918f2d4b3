import CloudMessaging
import Invariants
package import Scenario
import Stagecraft

/// Plays a scenario file in virtual time.
package enum VirtualPlay {
    /// Plays until the end that the file names, or until an invariant does not hold.
    ///
    /// - Parameter seed: rules all randomness; nil: the file's own.
    package static func run(_ file: ScenarioFile, seed: UInt64? = nil) -> PlayRecord {
        let journal = StageJournal()
        let simulation = Simulation(
            seed: seed ?? file.seed, relay: { file.relay.apply(to: &$0) }, journal: journal)
        let referee = Referee(of: file, relay: simulation.relay)
        let stage = Stage(
            file, driver: VirtualDriver(simulation), journal: journal, witness: referee)
        simulation.relay.start()
        let prompter = Prompter(stage)
        prompter.begin()
        while stage.problem == nil, referee.invariants.violation == nil,
            simulation.world.step(until: prompter.end)
        {
            referee.look(at: stage.devices)
        }
        prompter.close()
        referee.lookAtEnd(devices: stage.devices)
        return PlayRecord(
            journal: journal.journal, began: stage.began, ended: simulation.world.now,
            problem: stage.problem, violation: referee.invariants.violation)
    }
}
