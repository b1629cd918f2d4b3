import ArgumentParser
import Command

/// `gcm-relay config check`
struct ConfigCheck: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Says whether a file is good for --config; nothing else is looked at.",
        discussion: "Ends with 65 where the file is wrong, 78 where settings exclude each other.")

    @Argument(help: "The YAML file.")
    var file: String

    func run() async throws {
        try await Program.run {
            let options = try ServeOptions.parse(["--config", file])
            try ResolvedSettings(options, environment: [:]).check()
            StandardOutput.print("\(file) is good\n")
            return .done
        }
    }
}
