import CloudMessaging
import Command
import DeviceMachine
import GCMDevice

/// Sends the messages of an input, one after the other: a line is read when the message before it
/// is durable, and when the queue has room if that is to be waited for.
struct InputSender {
    let address: String
    let client: ClientProfile
    let waitsForRoom: Bool
    let run: DeviceRun

    private var badLines = 0
    /// Members that were named as unknown before.
    private var unknownMembers: [String] = []
    private static let namedMembers = 20

    init(address: String, client: ClientProfile, waitsForRoom: Bool, run: DeviceRun) {
        self.address = address
        self.client = client
        self.waitsForRoom = waitsForRoom
        self.run = run
    }

    /// Sends everything; bad lines are named on standard error and passed over.
    ///
    /// - Returns: how many lines were bad.
    consuming func sendAll(from file: InputFile) async throws -> Int {
        var reader = LineReader(file)
        var number = 0
        while let line = try await reader.next() {
            number += 1
            switch parse(line) {
            case .success(let message?):
                nameUnknownMembers(of: message, at: "\(file.name):\(number)")
                try await send(message)
            case .success(nil):
                break
            case .failure(let problem):
                badLines += 1
                Talk.say("\(file.name):\(number):\(problem.column): \(problem.text)")
            }
        }
        return badLines
    }

    /// Nil: an empty line.
    private func parse(_ line: LineReader.Line) -> Result<MessageLine?, MessageLine.Problem> {
        switch line {
        case .tooLong:
            .failure(
                MessageLine.Problem(
                    "the line is longer than \(LineReader.longestLine) bytes", at: 0))
        case .text(let bytes) where bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }):
            .success(nil)
        case .text(let bytes):
            Result { () throws(MessageLine.Problem) in try MessageLine(bytes, client: client) }
        }
    }

    private func send(_ message: MessageLine) async throws {
        if waitsForRoom, message.timeToLive != 0 { try await run.device.waitForRoom(for: run.app) }
        let id: String
        if let given = message.messageID {
            id = given
        } else {
            id = try await run.device.nextMessageID()
        }
        _ = try await run.send(
            SendRequest(
                category: run.app, to: address, id: id, data: message.data,
                timeToLive: message.timeToLive))
    }

    /// Once for each name: a typing error must not go unnoticed, and other fields of a log that is
    /// replayed must not hide everything else.
    private mutating func nameUnknownMembers(of message: MessageLine, at place: String) {
        for name in message.unknownMembers where unknownMembers.count < Self.namedMembers {
            guard !unknownMembers.contains(where: { $0.utf8.elementsEqual(name.utf8) })
            else { continue }
            unknownMembers.append(name)
            let hint = Suggestion.sentence(for: name, among: MessageLine.members)
            Talk.say("\(place): \"\(name)\" is ignored; \(hint)")
        }
    }
}
