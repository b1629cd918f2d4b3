import ArgumentParser
import Command

/// `gcm-relay trigger`
struct TriggerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trigger", abstract: "Has something happen on a running relay.",
        subcommands: [TriggerUpstream.self, TriggerDrain.self, TriggerReceipt.self])
}

/// `gcm-relay trigger upstream`
struct TriggerUpstream: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upstream", abstract: "Puts a message in as if an app had sent it.",
        discussion: """
            Without --from a device sends it that was made over HTTP and lives in the relay's \
            process; while that is offline the message waits there, and has no number yet: "-".
            """)

    @OptionGroup var admin: AdminOptions

    @Option(help: ArgumentHelp("The app's registration token.", valueName: "token"))
    var from: String?

    @Option(help: ArgumentHelp("For whom; the first that it registered with.", valueName: "id"))
    var senderID: String?

    @Option(help: ArgumentHelp("Its message_id; one that nobody else makes.", valueName: "id"))
    var id: String?

    @Option(help: ArgumentHelp("A value of the payload; repeatable.", valueName: "k=v"))
    var data: [String] = []

    @Option(help: ArgumentHelp("Seconds that it lives.", valueName: "seconds"))
    var timeToLive: Int?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func run() async throws {
        try await Program.run {
            var body = JSONRequest()
            body.add("from", from)
            body.add("sender_id", senderID)
            body.add("message_id", id)
            body.add("time_to_live", timeToLive)
            try body.add("data", pairs: data)
            try NewMessage.post("/v1/messages", body, admin, json: json)
            return .done
        }
    }
}

/// `gcm-relay trigger drain`
struct TriggerDrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain", abstract: "Drains every app server's connection, or those of one.")

    @OptionGroup var admin: AdminOptions

    @Option(help: ArgumentHelp("Only those of this project.", valueName: "id"))
    var senderID: String?

    func run() async throws {
        try await Program.run {
            let client = try admin.client()
            var meant: [Int] = []
            try ShownConnection.all(client) { _, connections in
                meant += connections.filter { connection in
                    connection.role == "app-server" && connection.phase == "bound"
                        && (senderID == nil || connection.senderId == senderID)
                }.map(\.id)
            }
            for id in meant {
                // One that is gone meanwhile needs no draining.
                let answer = try client.ask("POST", "/v1/connections/\(id)/drain")
                guard [202, 404, 409].contains(answer.status) else {
                    throw try client.failure(answer)
                }
            }
            StandardOutput.print("\(meant.count)\n")
            return .done
        }
    }
}

/// `gcm-relay trigger receipt`
struct TriggerReceipt: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt",
        abstract: "Sends a delivery receipt to an app server, as if an app had got a message.",
        discussion: "Nobody need have sent that message.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "The app server's message_id of the message.")
    var id: String

    @Option(help: ArgumentHelp("The app's registration token.", valueName: "token"))
    var from: String

    @Option(help: ArgumentHelp("For whom; the first that it registered with.", valueName: "id"))
    var senderID: String?

    @Flag(help: "Print the answer as JSON.")
    var json = false

    func run() async throws {
        try await Program.run {
            var body = JSONRequest()
            body.add("from", from)
            body.add("sender_id", senderID)
            body.add("receipt_for", id)
            try NewMessage.post("/v1/messages", body, admin, json: json)
            return .done
        }
    }
}
