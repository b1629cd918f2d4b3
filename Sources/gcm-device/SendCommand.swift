import ArgumentParser
import CloudMessaging
import Command
import DeviceMachine
import GCMDevice

/// `gcm-device send`: one message, and what became of it.
struct SendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Send one message and wait until the relay took it.",
        discussion: """
            Exit codes: 0 the relay took the message, 1 it was refused, 75 no answer within \
            --timeout: then it stays pending in the state file, and the next call sends it.
            """)

    @OptionGroup var options: DeviceOptions

    @OptionGroup var quirkOptions: QuirkOptions

    @Option(
        help: ArgumentHelp("A pair of the message's data; repeatable.", valueName: "key=value"),
        transform: FlagValue.pair)
    var data: [(String, String)] = []

    @Option(
        help: ArgumentHelp(
            "Where to: an address, or the notification key of a group that the app is in. "
                + "(default: the address of --sender-id)", valueName: "address|key"))
    var to: String?

    @Option(help: "The message's ID. (default: counted up in the state file)")
    var id: String?

    @Option(help: "Time to live, such as 60s; 0s is now or never. (default: the longest)")
    var ttl: String?

    @Option(
        help: ArgumentHelp(
            "File for the device's identity and pending messages. (default: device.db in the "
                + "state directory)", valueName: "file"))
    var state: String?

    @Option(help: "How long to wait for the relay's answer.")
    var timeout = "10s"

    func run() async throws {
        try await Program.run { try await send() }
    }

    private func send() async throws -> ExitStatus {
        let timeToLive = try secondsToLive()
        let timeout = try FlagValue.duration(timeout, of: "--timeout")
        let (app, ownServer) = try options.sender()
        let to = to ?? ownServer
        let directory = StateDirectory()
        if state == nil { try directory.create() }
        var configuration = options.configuration(stateFile: state ?? directory.deviceFile)
        configuration.quirks = try quirkOptions.quirks()
        // One message needs no batch.
        configuration.sentBatch = 1
        let device = try await DeviceRun.open(configuration)
        let log = DeviceLog(
            client: options.client, unfinished: device.unfinishedAtStart(of: app))
        device.attach(app) { log.tell($0) }
        let messageID = try await nextID(of: device)
        log.willHandOver(messageID)
        device.connect()
        let sender = UpstreamAddress.senderID(in: to) ?? UpstreamAddress.senderID(in: ownServer)
        if timeToLive == 0, let sender {
            // Now or never: "now" begins when the device can send.
            _ = device.register(app, senders: [sender]) { _ in }
            await DeviceRun.untilReady(log, within: timeout)
        }
        let request = SendRequest(
            category: app, to: to, id: messageID, data: DataPayload(data), timeToLive: timeToLive)
        _ = device.send(request) { failure in
            if let failure { log.refused(messageID: messageID, failure) }
        }
        let outcome = await DeviceRun.first(log, within: timeout) { $0.lastWasSent != nil }
        log.willEnd()
        await device.close()
        guard let outcome else {
            throw CommandFailure(
                .timeout, "no answer from the relay within \(self.timeout)",
                remedy: timeToLive == 0
                    ? "is it running?"
                    : "the message is pending in the state file; the next call sends it")
        }
        return outcome.lastWasSent == true ? .done : .failed
    }

    private func secondsToLive() throws(CommandFailure) -> Int? {
        guard let ttl else { return nil }
        let seconds = try FlagValue.duration(ttl, of: "--ttl").secondsRoundedUp
        if let bounds = options.client.timeToLive, !bounds.contains(seconds) {
            throw CommandFailure(
                .usage,
                "--ttl \"\(ttl)\" is longer than the \(bounds.upperBound) s that --client "
                    + "\(options.client.rawValue) allows",
                remedy: "--client android and ios cut it to that")
        }
        return seconds
    }

    private func nextID(of device: GCMDevice) async throws(CommandFailure) -> String {
        if let id { return id }
        do {
            return try await device.nextMessageID()
        } catch {
            throw CommandFailure(error)
        }
    }
}
