import ArgumentParser
import Command

/// Plays Google's XMPP Connection Server on this machine.
@main
struct GCMRelay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gcm-relay",
        abstract: "Plays Google's XMPP Connection Server (GCM/FCM) on this machine.",
        version: Version.current,
        subcommands: [
            Serve.self, Exec.self, ScenarioCommand.self, RecordCommand.self, TrustCommand.self,
            ConfigCommand.self,
        ])
}
