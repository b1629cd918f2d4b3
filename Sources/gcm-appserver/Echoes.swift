import CloudMessaging
import Command
import GCMAppServer

/// `run --echo`: the data of each message goes back to where it came from.
struct Echoes {
    /// Echoes whose answer may be outstanding, before the next messages wait.
    private static let limit = 1_000

    private let server: GCMAppServer
    private let output: EventOutput
    private var running: [Task<Void, Never>] = []

    init(server: GCMAppServer, output: EventOutput) {
        self.server = server
        self.output = output
    }

    /// Sends back the messages of a batch; the answers are printed as they come.
    mutating func answer(_ batch: [GCMAppServer.Event]) async {
        for case .message(let message) in batch {
            if running.count == Self.limit { await running.removeFirst().value }
            running.append(Task { [server, output] in await Self.echo(message, server, output) })
        }
    }

    /// Waits for all answers.
    mutating func finish() async {
        for echo in running { await echo.value }
        running = []
    }

    private static func echo(
        _ message: GCMAppServer.UpstreamMessage, _ server: GCMAppServer, _ output: EventOutput
    ) async {
        let echo = GCMAppServer.DownstreamMessage(
            to: .token(message.from), data: .init(message.data),
            messageID: EchoID.make(from: message.from, messageID: message.messageID))
        await DownstreamReport(server.answer(to: echo)).print(on: output)
    }
}

/// The ID of an echo: the same when the message is delivered again, so that the device can tell a
/// repeat, and another one for each pair of token and message ID, as apps count from 1.
enum EchoID {
    static func make(from token: String, messageID: String) -> String {
        let pair = String(FNV1a.hash(token + "\n" + messageID), radix: 16)
        let start = "echo-"
        let room = Limits.messageIDBytes.upperBound - start.utf8.count - 1 - 16
        var name = Substring(messageID)
        while name.utf8.count > room { name.removeLast() }
        return "\(start)\(name)-\(pair)"
    }
}
