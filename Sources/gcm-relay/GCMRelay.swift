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
            Serve.self, Exec.self, ScenarioCommand.self, MessagesCommand.self,
            TriggerCommand.self, FaultCommand.self, ConnectionsCommand.self, VerifyCommand.self,
            JournalCommand.self, RecordCommand.self, ResetCommand.self, ReadyzCommand.self,
            StopCommand.self,
            TrustCommand.self, ConfigCommand.self,
        ])
}
