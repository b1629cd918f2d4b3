import ArgumentParser
import Command

/// The program `gcm-device`: a phone on the command line.
@main
struct GCMDeviceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gcm-device",
        abstract: "A phone that sends upstream messages through a relay.",
        version: Version.current)
}
