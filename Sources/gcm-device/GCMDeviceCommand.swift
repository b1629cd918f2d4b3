import ArgumentParser
import Command

/// A phone for the command line, and for scripts that test a relay or an app server.
@main
struct GCMDeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gcm-device",
        abstract: "A phone that sends upstream messages through a relay.",
        version: Version.current,
        subcommands: [SendCommand.self, RunCommand.self])
}
