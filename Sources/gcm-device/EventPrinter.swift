import CloudMessaging
import Command
import Foundation
import GCMDevice
import Synchronization

/// Prints what happens to a device and its app (contract: "Events on stdout").
///
/// A line is out before the device forgets what it says: when it cannot be written the process
/// ends on the spot, so that the outcome is told in the next life.
final class EventPrinter: Sendable {
    private let client: ClientProfile
    private let output = Mutex(StandardOutput())
    /// The problem that was said last; a device that tries again and again repeats it.
    private let lastProblem = Mutex<String?>(nil)

    init(client: ClientProfile) {
        self.client = client
    }

    // MARK: The app

    func print(_ event: AppEvent) {
        let now = Instant.now
        switch event {
        case .accepted(let id): write([line("will_send", id, now)])
        case .sent(let ids): write(ids.map { line("message_sent", $0, now) })
        case .failed(let id, let failure): print(failure, of: id)
        case .registered(let token, _):
            var line = EventLine("registered", at: now)
            line.add("token", token)
            write([line])
        case .registrationRefused, .online, .offline: break
        }
    }

    func print(_ failure: SendFailure, of id: String) {
        var line = line("send_error", id, .now)
        client.add(failure, to: &line)
        write([line])
    }

    // MARK: The device

    func print(_ status: GCMDeviceStatus) {
        switch status {
        case .online:
            lastProblem.withLock { $0 = nil }
            write([EventLine("online", at: .now)])
        case .offline:
            write([EventLine("offline", at: .now)])
        case .connectionLost(let reason):
            say("\(reason); trying again")
        case .registrationRefused(let app, let reason):
            say("the relay gives \(app) no token: \(reason)")
        case .stateFileFailed(let reason):
            say("the state file cannot be written, new messages are refused: \(reason)")
        }
    }

    /// The last problem since the device was online.
    var problem: String? { lastProblem.withLock(\.self) }

    private func say(_ problem: String) {
        let isNews = lastProblem.withLock { last in
            defer { last = problem }
            return last != problem
        }
        if isNews { Talk.say("gcm-device: \(problem)") }
    }

    // MARK: Lines

    private func line(_ event: String, _ id: String, _ now: Instant) -> EventLine {
        var line = EventLine(event, at: now)
        line.add("message_id", id)
        return line
    }

    private func write(_ lines: [EventLine]) {
        let isClosed = output.withLock { output in
            for line in lines { output.append(line.finished()) }
            output.flush()
            return output.isClosed
        }
        guard isClosed else { return }
        Talk.say("gcm-device: nobody reads the output; what was not printed will be told again")
        exit(ExitStatus.ioError.rawValue)
    }
}
