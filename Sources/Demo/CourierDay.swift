import CloudMessaging
import Foundation
import RealPrograms

/// The real input: what couriers, a van and a dispatcher sent on one working day.
struct CourierDay: Sendable {
    /// An app on a device: each is a program of its own.
    struct Sender: Hashable, Comparable, Sendable, CustomStringConvertible {
        let device: String
        let app: String

        var description: String { "\(app) on \(device)" }

        static func < (left: Sender, right: Sender) -> Bool {
            (left.device, left.app) < (right.device, right.app)
        }
    }

    struct Message: Sendable {
        let sender: Sender
        let content: MessageContent
        /// What `gcm-device run --input` reads: the texts of the fixture as they are.
        let input: String
    }

    /// In the order in which they were sent.
    let messages: [Message]
    /// In alphabetical order.
    let senders: [Sender]

    /// Devices among the senders: some have several apps.
    var deviceCount: Int { Set(senders.map(\.device)).count }

    init() throws {
        let path = try Self.path()
        let bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path)))
        // At LF only: a line may hold U+0085 or U+2028.
        messages = try bytes.split(separator: UInt8(ascii: "\n")).enumerated().map { number, line in
            guard let message = Message(line: Array(line)) else {
                throw ProgramFailure("\(path):\(number + 1): no message")
            }
            return message
        }
        senders = Set(messages.map(\.sender)).sorted()
    }

    /// Found upwards of the program, wherever it is started.
    private static func path() throws -> String {
        let fixture = "Fixtures/messages/courier-day.jsonl"
        var directory = URL(fileURLWithPath: RealProgram.directory)
        while directory.path != "/" {
            let path = directory.appendingPathComponent(fixture).path
            if FileManager.default.fileExists(atPath: path) { return path }
            directory.deleteLastPathComponent()
        }
        throw ProgramFailure("\(fixture) was not found above \(RealProgram.directory)")
    }
}

extension CourierDay.Message {
    /// Nil: the line is not a message of the fixture.
    init?(line: [UInt8]) {
        let members = JSONMembers(line)
        guard let device = members.string("device"), let app = members.string("app"),
            let content = MessageContent(members)
        else { return nil }
        sender = CourierDay.Sender(device: device, app: app)
        self.content = content
        let parts = ["message_id", "data", "time_to_live"].compactMap { name in
            members.text(name).map { "\"\(name)\":" + $0 }
        }
        input = "{" + parts.joined(separator: ",") + "}"
    }
}
