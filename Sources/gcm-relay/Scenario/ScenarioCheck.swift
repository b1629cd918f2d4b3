import ArgumentParser
import Command
import Scenario

/// `gcm-relay scenario check`
struct ScenarioCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says whether scenario files are good; nothing is played.",
        discussion: "Ends with 65 where a file is wrong; every problem is named with its place.")

    @Argument(help: "Scenario files: YAML or JSON.")
    var files: [String]

    func run() async throws {
        try await Program.run {
            var output = StandardOutput()
            var errors: [ScenarioFileError] = []
            for path in files {
                do throws(ScenarioFileError) {
                    _ = try ScenarioFile.load(path: path)
                    output.append(Array("\(path.onTerminal) is good\n".utf8))
                } catch {
                    errors.append(error)
                }
            }
            output.flush()
            guard errors.isEmpty else { throw CommandFailure(errors) }
            return .done
        }
    }
}
