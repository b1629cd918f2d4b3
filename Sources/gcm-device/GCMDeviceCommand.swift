import ArgumentParser
import Command

/// A device for the command line: sends upstream messages, and says what becomes of them.
@main
struct GCMDeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gcm-device",
        abstract: "A simulated phone that sends upstream messages.",
        version: Version.current,
        subcommands: [SendCommand.self, RunCommand.self])
}
