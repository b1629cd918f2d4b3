import ArgumentParser
import Command
import GCMDevice

/// Stays connected, sends what the input says, and prints what happens.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Stay connected, send messages, and print what happens as lines of JSON.",
        discussion: """
            Without options it finds the relay that became ready last on this machine.

            A line of the input: {"message_id":"m-1","data":{"k":"v"},"time_to_live":60}

            Exit codes: 0 all sent, 1 some refused, 64 usage, 65 some lines are bad or a file is \
            not what it should be, 69 the CA file is missing or the state file is in use, 130/143 \
            ended by a signal.
            """)

    @OptionGroup var options: DeviceOptions

    @Option(
        help: ArgumentHelp(
            "Send the messages of a file, one JSON object a line; - is standard input.",
            valueName: "file"))
    var input: String?

    @Option(
        help: ArgumentHelp(
            "Where the device is kept. (default: nowhere, it forgets everything at its end)",
            valueName: "file"))
    var state: String?

    @Flag(help: "Never connect.")
    var offline = false

    @Option(
        help: ArgumentHelp(
            "When the queue is full: wait for a slot, or fail. (default: wait, with --offline fail)"
        ))
    var whenFull: WhenFull?

    @Option(
        help: ArgumentHelp(
            "Messages that may be pending: a number or none. (default: 20, ios none)",
            valueName: "n|none"))
    var pendingLimit: PendingLimit?

    @Flag(help: "End when every message has its outcome.")
    var exitWhenSent = false

    func run() async throws {
        try await Program.run { try await runDevice() }
    }

    private func runDevice() async throws -> ExitStatus {
        var configuration = options.configuration(stateFile: state)
        if let pendingLimit { configuration.pendingLimit = pendingLimit.count }
        let address = try options.address()
        let file = try input.map { path throws(CommandFailure) in try InputFile(path: path) }
        let run = try await DeviceRun(options, configuration)
        return try await run.finish { run in
            if offline { run.device.begin() } else { run.device.connect() }
            var badLines = 0
            if let file {
                let sender = InputSender(
                    address: address, client: options.client,
                    waitsForRoom: (whenFull ?? (offline ? .fail : .wait)) == .wait, run: run)
                badLines = try await sender.sendAll(from: file)
            }
            guard exitWhenSent else { return nil }
            await run.outcomes.waitForAll()
            if badLines > 0 { return .badData }
            return run.outcomes.refused > 0 ? .failed : .done
        }
    }
}

/// What to do with a message for which the queue has no room.
enum WhenFull: String, ExpressibleByArgument, CaseIterable {
    /// Wait for a slot.
    case wait
    /// Hand it to the library, which refuses it.
    case fail
}

/// `20` or `none`
struct PendingLimit: ExpressibleByArgument {
    let count: Int?

    init?(argument: String) {
        if argument == "none" {
            count = nil
        } else {
            guard let count = Int(argument), count > 0 else { return nil }
            self.count = count
        }
    }
}
