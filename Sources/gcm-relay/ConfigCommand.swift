import ArgumentParser

/// `gcm-relay config`
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config", abstract: "Shows and checks the settings of a relay.",
        subcommands: [ConfigShow.self, ConfigCheck.self])
}
