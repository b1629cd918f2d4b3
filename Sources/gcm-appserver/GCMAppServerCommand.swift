import ArgumentParser
import Command

/// An app server for the command line, and for scripts that test a relay or a device.
@main
struct GCMAppServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gcm-appserver",
        abstract: "An app server: receives upstream messages over XMPP and ACKs them, and sends "
            + "messages downstream.",
        version: Version.current,
        subcommands: [RunCommand.self, SendCommand.self])
}
