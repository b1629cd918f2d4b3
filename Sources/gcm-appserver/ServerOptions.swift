import ArgumentParser
import Command
import Foundation
import GCMAppServer

/// Which relay a subcommand logs in to, and as whom.
struct ServerOptions: ParsableArguments {
    @OptionGroup var relayOptions: RelayOptions

    @Option(
        help: ArgumentHelp(
            "The project's API key. (default: \(Defaults.apiKey))", valueName: "key"))
    var apiKey: String?

    /// Everything but these options as the library has it.
    func configuration() -> GCMAppServer.Configuration {
        let environment = ProcessInfo.processInfo.environment
        let location = RelayLocation(
            door: .appServers, relay: relayOptions.relay, authorityFile: relayOptions.ca,
            state: StateDirectory(),
            environment: environment)
        return GCMAppServer.Configuration(
            host: location.address.host, port: location.address.port,
            trustedCAFile: location.authorityFile,
            senderID: relayOptions.senderID ?? environment["GCM_RELAY_SENDER_ID"]
                ?? Defaults.senderID,
            apiKey: apiKey ?? environment["GCM_RELAY_API_KEY"] ?? Defaults.apiKey)
    }
}

extension GCMAppServer {
    /// One that is to be run, or the end of the command.
    static func make(_ configuration: Configuration) throws(CommandFailure) -> GCMAppServer {
        do {
            return try GCMAppServer(configuration)
        } catch {
            throw CommandFailure(error)
        }
    }
}
