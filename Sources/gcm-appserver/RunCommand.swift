import ArgumentParser
import Command
import Foundation
import GCMAppServer

/// Receives messages until it is told to end.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Receive messages, ACK them, and print what happens as lines of JSON.",
        discussion: """
            Without options it finds the relay that became ready last on this machine.

            Exit codes: 0 --count reached, or without it standard output was closed; 1 it was closed \
            before --count was reached; 65 the CA file holds no CA; 69 the relay refused the login, \
            or the CA file is missing; 130/143 ended by a signal.
            """)

    @OptionGroup var relayOptions: RelayOptions

    @Option(
        help: ArgumentHelp(
            "The project's API key. (default: \(Defaults.apiKey))", valueName: "key"))
    var apiKey: String?

    @Option(
        help: ArgumentHelp(
            "Which deliveries are ACKed: always, never, skip:N (leave the first N deliveries of "
                + "each message unanswered) or after:DURATION (such as after:250ms).",
            valueName: "policy"))
    var ack = AckOption.always

    @Option(help: ArgumentHelp("Connections to hold at the same time.", valueName: "n"))
    var connections = 1

    @Option(
        help: ArgumentHelp("End with 0 once so many distinct messages were ACKed.", valueName: "n"))
    var count: Int?

    func validate() throws {
        guard connections > 0 else {
            throw ValidationError("--connections \(connections): at least 1 is needed")
        }
        guard count ?? 1 > 0 else {
            throw ValidationError("--count \(count ?? 0): at least 1 is needed")
        }
    }

    func run() async throws {
        do {
            let server = try makeServer()
            let status = await AppServerRun(server: server, count: count).outcome()
            throw ExitCode(status.rawValue)
        } catch let failure as CommandFailure {
            Talk.say(failure)
            throw ExitCode(failure.status.rawValue)
        }
    }

    private func makeServer() throws(CommandFailure) -> GCMAppServer {
        let environment = ProcessInfo.processInfo.environment
        let location = RelayLocation(
            door: .appServers, relay: relayOptions.relay, authorityFile: relayOptions.ca,
            state: StateDirectory(),
            environment: environment)
        var configuration = GCMAppServer.Configuration(
            host: location.address.host, port: location.address.port,
            trustedCAFile: location.authorityFile,
            senderID: relayOptions.senderID ?? environment["GCM_RELAY_SENDER_ID"]
                ?? Defaults.senderID,
            apiKey: apiKey ?? environment["GCM_RELAY_API_KEY"] ?? Defaults.apiKey)
        configuration.connections = connections
        configuration.acknowledgement = ack.acknowledgement
        do {
            return try GCMAppServer(configuration)
        } catch {
            throw CommandFailure(error)
        }
    }
}

extension CommandFailure {
    /// What ends a command when the app server cannot run.
    init(_ error: GCMAppServerError) {
        switch error.code {
        case .missingTrust:
            self.init(
                .unavailable, error.description,
                remedy: "start gcm-relay serve first, or name the file of another relay with --ca")
        case .unusableTrust:
            self.init(.badData, error.description)
        case .loginRefused:
            self.init(.unavailable, error.description)
        case .invalidConfiguration:
            self.init(.usage, error.description)
        default:
            self.init(.software, error.description)
        }
    }
}
