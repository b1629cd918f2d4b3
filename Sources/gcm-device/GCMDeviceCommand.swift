import ArgumentParser
import Command

/// A device for the command line: sends and receives messages, and says what becomes of them.
@main
struct GCMDeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gcm-device",
        abstract: "A simulated phone that sends and receives messages.",
        version: Version.current,
        subcommands: [
            SendCommand.self, RunCommand.self, RegisterCommand.self, RefreshTokenCommand.self,
            UnregisterCommand.self, UninstallCommand.self, SubscribeCommand.self,
            UnsubscribeCommand.self, JoinCommand.self, LeaveCommand.self,
        ])
}
