import ArgumentParser
import Command
import Scenario

/// `gcm-relay scenario show`
struct ScenarioShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Prints a scenario file as a play that one can read aloud.",
        discussion: "Ends with 65 where the file is wrong.")

    @Argument(help: "The scenario file: YAML or JSON.")
    var file: String

    func run() async throws {
        try await Program.run {
            for scenario in try NamedScenario.load([file]) {
                StandardOutput.print(scenario.file.play)
            }
            return .done
        }
    }
}
