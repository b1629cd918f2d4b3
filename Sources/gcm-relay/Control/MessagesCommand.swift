import ArgumentParser
import CloudMessaging
import Command

/// `gcm-relay messages`
struct MessagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "messages", abstract: "Looks at a running relay's messages.",
        subcommands: [
            MessagesList.self, MessagesShow.self, MessagesWait.self, MessagesReplay.self,
            MessagesSettle.self,
        ])
}

/// A message as the admin API shows it.
struct ShownMessage: Decodable {
    struct Attempt: Decodable {
        let attempt: Int
        let connection: Int
        let at: String
        let reason: String?
        let outcomes: [String]
    }

    let id: Int
    let state: String
    let direction: String
    let messageId: String?
    let senderId: String?
    let from: String?
    let category: String?
    let attempts: Int
    let connection: Int?
    let firstSeen: String?
    let expires: String?
    let reason: String?
    let explanation: String?
    let history: [Attempt]?

    /// `12 settled upstream m-17 4711 attempts 2`
    var line: String {
        var words = [
            "\(id)", state, direction, messageId ?? "-", senderId ?? "-", "attempts \(attempts)",
        ]
        if let connection { words.append("connection \(connection)") }
        if let reason { words.append("(\(reason))") }
        return words.joined(separator: " ")
    }
}

/// `gcm-relay messages list`
struct MessagesList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists messages, those that the journal remembers first.")

    @OptionGroup var admin: AdminOptions

    @Option(help: "Only those in this state: queued, held, in-flight, settled, expired, discarded.")
    var state: String?

    @Option(help: "Only those on this road: upstream or downstream.")
    var direction: String?

    @Option(help: ArgumentHelp("Only those of this project.", valueName: "id"))
    var senderID: String?

    @Option(help: "Only those that match: data.parcel~\"^1\" and attempt>1.")
    var match: String?

    @Option(help: "At most so many. (default: all)")
    var limit: Int?

    @Flag(help: "Print pages as JSON, one a line.")
    var json = false

    func run() async throws {
        try await Program.run {
            struct Page: Decodable {
                let messages: [ShownMessage]
                let next: String?
            }
            let client = try admin.client()
            var left = limit ?? .max
            var after: String?
            repeat {
                let answer = try client.need(
                    "GET", "/v1/messages",
                    query: [
                        ("state", state), ("direction", direction), ("sender_id", senderID),
                        ("match", match), ("after", after), ("limit", "\(min(left, 1_000))"),
                    ])
                let page = try answer.decode(Page.self)
                StandardOutput.print(
                    json ? answer.text : page.messages.map { $0.line + "\n" }.joined())
                left -= page.messages.count
                after = page.next
            } while after != nil && left > 0
            return .done
        }
    }
}

/// `gcm-relay messages show ID`
struct MessagesShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Says why a message is retried, or waits: attempts, what came back, what lacks.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "The relay's number of it, or its message_id: then it is the latest.")
    var id: String

    @Flag(help: "Print it as JSON.")
    var json = false

    func run() async throws {
        try await Program.run {
            let answer = try admin.client().need(
                "GET", "/v1/messages/\(AdminClient.escaped(messageID: id))")
            guard !json else {
                StandardOutput.print(answer.text)
                return .done
            }
            let message = try answer.decode(ShownMessage.self)
            var lines = [message.line]
            if let from = message.from { lines.append("from \(from)") }
            if let category = message.category { lines.append("app \(category)") }
            if let expires = message.expires { lines.append("expires \(expires)") }
            for attempt in message.history ?? [] {
                let why = attempt.reason.map { ", because: \($0)" } ?? ""
                lines.append(
                    "\(attempt.at) attempt \(attempt.attempt) on connection "
                        + "\(attempt.connection)\(why)")
                lines += attempt.outcomes.map { "  \($0)" }
            }
            if let explanation = message.explanation { lines.append(explanation) }
            StandardOutput.print(lines.joined(separator: "\n") + "\n")
            return .done
        }
    }
}

/// `gcm-relay messages wait MATCH`
struct MessagesWait: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Waits until enough messages or events match; ends with 75 if they do not.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "What is waited for: data.parcel=17 and state=settled.")
    var match: String

    @Option(help: "So many.")
    var count = 1

    @Option(help: "So long, at most 10 minutes.")
    var timeout = "5s"

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func run() async throws {
        try await Program.run {
            struct Found: Decodable {
                let count: Int
                let messages: [ShownMessage]?
            }
            struct Missed: Decodable {
                let nearest: [String]
            }
            var body = JSONRequest()
            body.add("match", match)
            body.add("count", count)
            body.add("timeout", timeout)
            let client = try admin.client()
            let answer = try client.ask("POST", "/v1/messages/wait", body: body.text)
            guard answer.status != 409 else {
                let failure = try client.failure(answer)
                let near = try answer.decode(Missed.self).nearest
                throw CommandFailure(
                    .timeout, failure.problem,
                    remedy: near.isEmpty ? failure.remedy : near.joined(separator: "\n  "))
            }
            guard answer.status == 200 else { throw try client.failure(answer) }
            let found = try answer.decode(Found.self)
            StandardOutput.print(
                json
                    ? answer.text
                    : (found.messages?.map { $0.line + "\n" }.joined() ?? "\(found.count)\n"))
            return .done
        }
    }
}

/// `gcm-relay messages replay ID`
struct MessagesReplay: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Sends what an app sent once more, edited or not.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "The relay's number of it, or its message_id.")
    var id: String

    @Option(help: ArgumentHelp("A value instead of what was sent.", valueName: "data.k=v"))
    var set: [String] = []

    @Option(help: "Another message_id.")
    var messageID: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func run() async throws {
        try await Program.run {
            var body = JSONRequest()
            body.add("message_id", messageID)
            try body.add("data", pairs: set, prefix: "data.")
            try NewMessage.post(
                "/v1/messages/\(AdminClient.escaped(id))/replay", body, admin, json: json)
            return .done
        }
    }
}

/// `gcm-relay messages settle ID`
struct MessagesSettle: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settle", abstract: "Ends a message by hand, as if it had been ACKed.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "The relay's number of it, or its message_id.")
    var id: String

    @Option(help: ArgumentHelp("settled, or discarded: given up.", valueName: "state"))
    var `as` = "settled"

    func run() async throws {
        try await Program.run {
            var body = JSONRequest()
            body.add("as", `as`)
            _ = try admin.client().need(
                "POST", "/v1/messages/\(AdminClient.escaped(id))/settle", body: body.text)
            return .done
        }
    }
}

/// A message that the relay was given by hand.
enum NewMessage {
    static func post(
        _ path: String, _ body: JSONRequest, _ admin: AdminOptions, json: Bool
    ) throws {
        struct New: Decodable {
            /// Nil: the relay has none for it yet.
            let id: Int?
            let messageId: String
        }
        let answer = try admin.client().need("POST", path, body: body.text)
        let new = try answer.decode(New.self)
        let number = new.id.map { "\($0)" } ?? "-"
        StandardOutput.print(json ? answer.text : "\(number) \(new.messageId)\n")
    }
}
