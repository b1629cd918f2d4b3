import ArgumentParser
import CloudMessaging
import Command

/// `gcm-relay fault`
struct FaultCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fault", abstract: "Has things go wrong on a running relay (docs/faults.md).",
        subcommands: [FaultAdd.self, FaultList.self, FaultRemove.self, FaultClear.self])
}

/// `gcm-relay fault add`
struct FaultAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Adds a fault, and prints it as JSON.")

    @OptionGroup var admin: AdminOptions

    @Option(help: "Where it bites, such as upstream.ack.")
    var on: String

    @Option(help: "What it does, such as drop.")
    var `do`: String

    @Option(help: "What it bites. (default: everything there)")
    var match: String?

    @Option(help: "How often. (default: always)")
    var times: Int?

    @Option(help: "How likely, from 0 to 1.")
    var probability: Double?

    @Option(help: "Of nack: the error.")
    var code: String?

    @Option(help: "Of delay: how long.")
    var delay: String?

    func run() async throws {
        try await Program.run {
            var body = JSONObjectWriter()
            body.add("on", on)
            body.add("do", `do`)
            if let match { body.add("match", match) }
            if let times { body.add("times", times) }
            if let probability { body.add("probability", json: Array("\(probability)".utf8)) }
            if let code { body.add("code", code) }
            if let delay { body.add("delay", delay) }
            body.end()
            let answer = try admin.client().need(
                "POST", "/v1/faults", body: String(decoding: body.bytes, as: UTF8.self))
            StandardOutput.print(answer.text)
            return .done
        }
    }
}

/// `gcm-relay fault list`
struct FaultList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Lists the faults, and how often each has bitten, as JSON.")

    @OptionGroup var admin: AdminOptions

    @Flag(help: "As it is.")
    var json = false

    func run() async throws {
        try await Program.run {
            StandardOutput.print(try admin.client().need("GET", "/v1/faults").text)
            return .done
        }
    }
}

/// `gcm-relay fault remove ID`
struct FaultRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Removes a fault.")

    @OptionGroup var admin: AdminOptions

    @Argument(help: "Its number.")
    var id: Int

    func run() async throws {
        try await Program.run {
            _ = try admin.client().need("DELETE", "/v1/faults/\(id)")
            return .done
        }
    }
}

/// `gcm-relay fault clear`
struct FaultClear: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "clear", abstract: "Removes every fault.")

    @OptionGroup var admin: AdminOptions

    func run() async throws {
        try await Program.run {
            _ = try admin.client().need("DELETE", "/v1/faults")
            return .done
        }
    }
}
