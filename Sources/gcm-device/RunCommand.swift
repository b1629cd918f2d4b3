import ArgumentParser
import CloudMessaging
import Command
import DeviceMachine
import Foundation
import GCMDevice
import Synchronization
import UnixSignals

/// `gcm-device run`: a device that sends what it is given, or just stays connected.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Be a device: send the messages of --input, and print what happens.",
        discussion: """
            --input has one JSON object a line: \
            {"message_id":"m-1","data":{"k":"v"},"time_to_live":60}

            Exit codes with --exit-when-sent: 0 all sent, 1 some refused, 65 some lines were bad. \
            Otherwise 130/143, ended by a signal.
            """)

    /// What to do when the app has as many messages pending as it may.
    enum WhenFull: String, ExpressibleByArgument, CaseIterable {
        case wait
        case fail
    }

    @OptionGroup var options: DeviceOptions

    @OptionGroup var quirkOptions: QuirkOptions

    @Option(help: ArgumentHelp("File with messages; - is standard input.", valueName: "file"))
    var input: String?

    @Option(
        help: ArgumentHelp(
            "File for identity, tokens and pending messages; without it nothing is kept after "
                + "the end.", valueName: "file"))
    var state: String?

    @Flag(help: "Never connect: print what the queue says, and stay until ended.")
    var offline = false

    @Option(
        help: "Wait for room in the queue, or hand over and fail. (default: wait; offline: fail)")
    var whenFull: WhenFull?

    @Option(
        help: ArgumentHelp(
            "Messages that may be pending, or none. (default: 20; ios: none)", valueName: "n"))
    var pendingLimit: String?

    @Flag(help: "End when every line has its answer.")
    var exitWhenSent = false

    func run() async throws {
        try await Program.run { try await runDevice() }
    }

    private func runDevice() async throws -> ExitStatus {
        let (app, to) = try options.sender()
        var configuration = options.configuration(stateFile: state)
        configuration.quirks = try quirkOptions.quirks()
        configuration.pendingLimit = try limit(configuration.pendingLimit)
        let lines = try input.map { path throws(CommandFailure) in try InputLines(path: path) }
        let device = try await DeviceRun.open(configuration)
        let log = DeviceLog(
            client: options.client, unfinished: device.unfinishedAtStart(of: app))
        device.attach(app) { log.tell($0) }
        if offline {
            device.begin()
        } else {
            device.connect()
            if let sender = UpstreamAddress.senderID(in: to) {
                _ = device.register(app, senders: [sender]) { _ in }
            }
        }
        // Watched first: a signal that comes now must not end the process in its own way.
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let feeder = Feeder(
            device: device, log: log, app: app, to: to, client: options.client,
            waitsForRoom: (whenFull ?? (offline ? .fail : .wait)) == .wait,
            otherValues: options.client == .ios ? configuration.quirks.otherValues : nil)
        let (endings, ending) = AsyncStream.makeStream(of: ExitStatus.self)
        // Nobody waits for these two: the feeder may hang in a read of its input, or for room in
        // the queue, when a signal ends the program.
        Task {
            for await signal in signals {
                ending.yield(signal == .sigint ? .interrupted : .terminated)
            }
        }
        Task { [exitWhenSent] in
            let badLines = await feeder.feed(lines)
            guard exitWhenSent,
                let progress = await DeviceRun.first(log, where: \.isComplete)
            else { return }
            ending.yield(badLines > 0 ? .badData : progress.refused > 0 ? .failed : .done)
        }
        var iterator = endings.makeAsyncIterator()
        let status = await iterator.next() ?? .done
        log.willEnd()
        await device.close()
        return status
    }

    private func limit(_ builtIn: Int?) throws(CommandFailure) -> Int? {
        guard let pendingLimit else { return builtIn }
        if pendingLimit == "none" { return nil }
        guard let limit = Int(pendingLimit), limit > 0 else {
            throw CommandFailure(
                .usage, "--pending-limit \"\(pendingLimit)\" is neither a number nor none")
        }
        return limit
    }
}
