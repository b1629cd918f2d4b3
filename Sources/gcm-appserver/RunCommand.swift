import ArgumentParser
import Command
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

    @OptionGroup var options: ServerOptions

    @Option(
        help: ArgumentHelp(
            "Which deliveries are ACKed: always, never, skip:N (leave the first N deliveries of "
                + "each message unanswered) or after:DURATION (such as after:250ms).",
            valueName: "policy"))
    var ack = AckOption.always

    @Flag(help: "Send the data of each message back to the device that it came from.")
    var echo = false

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
        try await Program.run {
            var configuration = options.configuration()
            configuration.connections = connections
            configuration.acknowledgement = ack.acknowledgement
            let server = try GCMAppServer.make(configuration)
            return await AppServerRun(server: server, count: count, echoes: echo).outcome()
        }
    }
}
