import ArgumentParser

/// `gcm-relay scenario`
struct ScenarioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenario",
        abstract: "Plays scenario files: who takes part, what they do, what must come of it.",
        subcommands: [
            ScenarioRunCommand.self, ScenarioCheck.self, ScenarioList.self, ScenarioShow.self,
            ScenarioSweepCommand.self,
        ])
}
