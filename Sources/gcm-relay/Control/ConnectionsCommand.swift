import ArgumentParser
import Command

/// `gcm-relay connections`
struct ConnectionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "connections", abstract: "Looks at a running relay's connections.",
        subcommands: [ConnectionsList.self, ConnectionsCut.self, ConnectionsDrain.self])
}

/// A connection as the admin API shows it.
struct ShownConnection: Decodable {
    let id: Int
    let role: String
    let phase: String
    let senderId: String?
    let device: String?
    let unacknowledged: Int

    var line: String {
        "\(id) \(role) \(phase) \(senderId ?? device ?? "-") unacknowledged \(unacknowledged)"
    }

    /// Every connection, page by page.
    static func all(_ client: AdminClient, _ each: (AdminClient.Answer, [Self]) -> Void) throws {
        struct Page: Decodable {
            let connections: [ShownConnection]
            let next: Int?
        }
        var after: Int?
        repeat {
            let answer = try client.need(
                "GET", "/v1/connections",
                query: [("limit", "1000"), ("after", after.map { "\($0)" })])
            let page = try answer.decode(Page.self)
            each(answer, page.connections)
            after = page.next
        } while after != nil
    }
}

/// `gcm-relay connections list`
struct ConnectionsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists connections of app servers and devices.")

    @OptionGroup var admin: AdminOptions

    @Flag(help: "Print pages as JSON, one a line.")
    var json = false

    func run() async throws {
        try await Program.run {
            try ShownConnection.all(try admin.client()) { answer, connections in
                StandardOutput.print(
                    json ? answer.text : connections.map { $0.line + "\n" }.joined())
            }
            return .done
        }
    }
}

/// `gcm-relay connections cut ID`
struct ConnectionsCut: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut", abstract: "Cuts a connection.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "Its number.")
    var id: Int

    @Option(help: "reset: at once; fin: with the end of the stream; silent: it hangs.")
    var how = "reset"

    func run() async throws {
        try await Program.run {
            _ = try admin.client().need(
                "DELETE", "/v1/connections/\(id)", query: [("how", how)])
            return .done
        }
    }
}

/// `gcm-relay connections drain ID`
struct ConnectionsDrain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drain",
        abstract: "Announces the end of an app server's connection, and ends it after its ACKs.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "Its number.")
    var id: Int

    func run() async throws {
        try await Program.run {
            _ = try admin.client().need("POST", "/v1/connections/\(id)/drain")
            return .done
        }
    }
}
