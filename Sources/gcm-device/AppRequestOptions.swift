import ArgumentParser
import CloudMessaging
import Command
import GCMDevice

/// What the subcommands have in common that ask the relay something about an app's registration:
/// they connect, ask once, print what was done, and end.
struct AppRequestOptions: ParsableArguments {
    static let exitCodes = """
        Exit codes: 0 done, 1 the relay refused, 75 no answer within --timeout.
        """

    @OptionGroup var options: DeviceOptions

    @Option(
        help: ArgumentHelp(
            "File for the device's identity and tokens. (default: device.db in the state "
                + "directory)", valueName: "file"))
    var state: String?

    @Option(help: "How long to wait for the relay's answer.")
    var timeout = "10s"

    /// Connects, and asks.
    ///
    /// - Parameters:
    ///   - request: nil: only for a token.
    ///   - registers: whether the app gets a token first if it has none.
    ///   - event: what is printed when it is done; nil: nothing but what the device tells anyway.
    ///   - subject: a member of that event.
    func ask(
        _ request: AppRequest?, registers: Bool = true, event: String? = nil,
        about subject: (name: String, value: String)? = nil
    ) async throws -> ExitStatus {
        let limit = try FlagValue.duration(timeout, of: "--timeout")
        let (app, to) = try options.sender()
        let directory = StateDirectory()
        if state == nil { try directory.create() }
        let device = try await DeviceRun.open(
            options.configuration(stateFile: state ?? directory.deviceFile))
        let log = DeviceLog(
            client: options.client, unfinished: device.unfinishedAtStart(of: app))
        let refusal = await DeviceRun.first(within: limit) { [registers] in
            let sender = registers ? UpstreamAddress.senderID(in: to) : nil
            return await Self.refusal(of: request, app, sender, on: device, log)
        }
        if refusal == "", let event {
            var line = EventLine(event, at: .now)
            if let subject { line.add(subject.name, subject.value) }
            log.say(line)
        }
        log.willEnd()
        await device.close()
        guard let refusal else {
            throw CommandFailure(
                .timeout, "no answer from the relay within \(timeout)",
                remedy: "is it running, and does its store take anything? its /readyz and log say")
        }
        guard refusal.isEmpty else {
            Talk.say("gcm-device: refused: \(refusal)")
            return .failed
        }
        return .done
    }

    /// What the device said.
    private enum Answer: Sendable {
        case online
        case registered
        case done
        /// The request needs a token that the relay was asked for in an earlier life, or by a
        /// message: it is on its way.
        case tokenAwaited
        case refused(String)
    }

    /// Connects and asks; why it was refused, empty when it was not, nil when there is no answer.
    private static func refusal(
        of request: AppRequest?, _ app: Category, _ sender: SenderID?, on device: GCMDevice,
        _ log: DeviceLog
    ) async -> String? {
        let (answers, answer) = AsyncStream.makeStream(of: Answer.self)
        device.attach(app) { event in
            // A refusal is said once, at the end.
            if case .registrationRefused(let refusal) = event {
                answer.yield(.refused(refusal.description))
                return
            }
            log.tell(event)
            switch event {
            case .registered: answer.yield(.registered)
            case .online: answer.yield(.online)
            default: break
            }
        }
        device.connect()
        var mayAsk = false
        for await next in answers {
            switch next {
            case .online where sender != nil:
                // Only now: earlier, a kept token is told that the relay may not know any more.
                mayAsk = true
                _ = device.register(app, senders: sender.map { [$0] } ?? []) {
                    answer.yield(.refused($0))
                }
            case .registered where !mayAsk: break
            case .online, .registered:
                mayAsk = false
                guard let request else { return "" }
                _ = device.request(request, of: app) { refusal in
                    guard let refusal else {
                        answer.yield(.done)
                        return
                    }
                    let isEarly = request == .unregister && refusal.error == .invalidParameters
                    answer.yield(isEarly ? .tokenAwaited : .refused(refusal.description))
                }
            case .tokenAwaited: mayAsk = true
            case .done: return ""
            case .refused(let reason): return reason
            }
        }
        return nil
    }
}
