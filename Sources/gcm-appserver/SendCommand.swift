import ArgumentParser
import CloudMessaging
import Command
import GCMAppServer

/// `gcm-appserver send`: one message downstream, and the relay's answer.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send one message downstream and print the relay's answer as a line of JSON.",
        discussion: """
            An ACK says that the relay has taken the message, not that the device has it. Upstream \
            messages and receipts that come meanwhile are not ACKed: they go to the app server \
            that runs.

            Exit codes: 0 the relay took the message, 1 it refused it, 69 there is no relay, or it \
            refused the login, 75 no answer within --timeout.
            """)

    @OptionGroup var options: ServerOptions

    @Option(
        help: ArgumentHelp(
            "Who gets it: a registration token, /topics/NAME, or a condition such as "
                + "\"'news' in topics && 'sports' in topics\".", valueName: "target"))
    var to: String

    @Option(
        help: ArgumentHelp("A pair of the message's data; repeatable.", valueName: "key=value"),
        transform: FlagValue.pair)
    var data: [(String, String)] = []

    @Option(help: "The message's ID. (default: a new one)")
    var id: String?

    @Flag(help: "Ask for a delivery receipt, which comes to the app server that runs then.")
    var receipt = false

    @Flag(help: "Have the relay judge the message without delivering it.")
    var dryRun = false

    @Option(help: "Time to live, such as 600s; 0s is now or never. (default: the relay's longest)")
    var ttl: String?

    @Option(
        help: ArgumentHelp(
            "Replaces the message with the same key that still waits for the device.",
            valueName: "key"))
    var collapseKey: String?

    @Option(help: "How urgent it is. (default: the relay's)")
    var priority: PriorityOption?

    @Option(help: "How long to wait for the relay's answer.")
    var timeout = "10s"

    func run() async throws {
        try await Program.run { try await send() }
    }

    private func send() async throws -> ExitStatus {
        let timeout = try FlagValue.duration(timeout, of: "--timeout")
        let message = try message()
        var configuration = options.configuration()
        configuration.acknowledgement = .never
        let server = try GCMAppServer.make(configuration)
        let result = try await OneMessage(server: server).send(message, within: timeout)
        guard let result else {
            throw CommandFailure(
                .timeout, "no answer from the relay within \(self.timeout)",
                remedy: "it may have taken the message; the same --id lets the device tell a repeat"
            )
        }
        let report = DownstreamReport(result)
        report.print(on: EventOutput())
        return report.status
    }

    private func message() throws(CommandFailure) -> GCMAppServer.DownstreamMessage {
        var message = GCMAppServer.DownstreamMessage(
            to: target, data: data.isEmpty ? nil : .init(data.map { (key: $0.0, value: $0.1) }),
            messageID: id)
        message.isDeliveryReceiptRequested = receipt
        message.isDryRun = dryRun
        message.collapseKey = collapseKey
        message.priority = priority.map { $0 == .high ? .high : .normal }
        if let ttl {
            message.timeToLive = try FlagValue.duration(ttl, of: "--ttl").secondsRoundedUp
        }
        return message
    }

    private var target: GCMAppServer.DownstreamMessage.Target {
        if to.contains(" in topics") { return .condition(to) }
        return to.hasPrefix("/topics/") ? .topic(to) : .token(to)
    }
}

/// `--priority high|normal`
enum PriorityOption: String, ExpressibleByArgument, CaseIterable {
    case high, normal
}
