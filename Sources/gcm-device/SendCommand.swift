import ArgumentParser
import CloudMessaging
import Command
import DeviceMachine
import GCMDevice

/// Sends one message and waits until the relay has it.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send one message and wait until the relay has it.",
        discussion: """
            Without options it finds the relay that became ready last on this machine, and keeps \
            the device's identity in the state directory.

            Exit codes: 0 told sent, 1 refused, 64 usage, 65 a file is not what it should be, \
            69 the CA file is missing or the state file is in use, 75 no answer in time, 130/143 \
            ended by a signal.
            """)

    @OptionGroup var options: DeviceOptions

    @Option(
        help: ArgumentHelp("One pair of the payload; may be repeated.", valueName: "key=value"),
        transform: Pair.init)
    var data: [Pair] = []

    @Option(help: ArgumentHelp("The message ID. (default: a counter)", valueName: "id"))
    var id: String?

    @Option(
        help: ArgumentHelp("Time to live. (default: 24h)", valueName: "duration"),
        transform: parseDuration)
    var ttl: Duration?

    @Option(
        help: ArgumentHelp("How long to wait for the relay's answer.", valueName: "duration"),
        transform: parseDuration)
    var timeout: Duration = .seconds(10)

    @Option(
        help: ArgumentHelp(
            "Where the device is kept. (default: device.db in the state directory)",
            valueName: "file"))
    var state: String?

    func run() async throws {
        try await Program.run { try await send() }
    }

    private func send() async throws -> ExitStatus {
        let directory = StateDirectory()
        if state == nil { try directory.create() }
        let stateFile = state ?? directory.deviceFile
        var configuration = options.configuration(stateFile: stateFile)
        // Nothing more will come to be told with it.
        configuration.sentBatch = 1
        let address = try options.address()
        let answer = Answer()
        let run = try await DeviceRun(options, configuration) { answer.note($0) }
        return try await run.finish { run in
            let id: String
            if let given = self.id { id = given } else { id = try await run.device.nextMessageID() }
            answer.expect(id)
            run.device.connect()
            let request = SendRequest(
                category: run.app, to: address, id: id, data: DataPayload(data.map(\.pair)),
                timeToLive: ttl?.secondsRoundedUp)
            guard try await run.send(request) == nil else { return .failed }
            if let status = await answer.wait(for: timeout) { return status }
            throw CommandFailure(
                .timeout,
                "no answer within \(timeout.components.seconds)s"
                    + (run.printer.problem.map { ": \($0)" } ?? ""),
                remedy: ttl == .zero
                    ? "is a relay running?"
                    : "the message is kept in \(stateFile) and goes out "
                        + "with the next connection")
        }
    }
}

/// `key=value`
struct Pair {
    let pair: (key: String, value: String)

    init(_ text: String) throws {
        guard let equals = text.firstIndex(of: "=") else {
            throw ValidationError("\"\(text)\" is not a pair such as hello=world")
        }
        pair = (String(text[..<equals]), String(text[text.index(after: equals)...]))
    }
}

private func parseDuration(_ text: String) throws -> Duration {
    guard let duration = DurationText.parse(text) else {
        throw ValidationError("\"\(text)\" is not \(DurationText.form)")
    }
    return duration
}
