import ArgumentParser
import CloudMessaging
import Command

/// `gcm-relay reset`
struct ResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset",
        abstract: "Gives up a running relay's messages, and forgets its journal and faults.")

    @OptionGroup var admin: AdminOptions

    @Option(help: ArgumentHelp("Only what is this project's; faults stay.", valueName: "id"))
    var senderID: String?

    func run() async throws {
        try await Program.run {
            _ = try admin.client().need("POST", "/v1/reset", query: [("sender_id", senderID)])
            return .done
        }
    }
}

/// `gcm-relay readyz`
struct ReadyzCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "readyz", abstract: "Says whether a relay serves; ends with 69 if not.")

    @OptionGroup var admin: AdminOptions

    @Flag(help: "Wait until it does; ends with 75 if it never does.")
    var wait = false

    @Option(help: "So long.")
    var timeout = "30s"

    func run() async throws {
        try await Program.run {
            guard let patience = DurationText.parse(timeout) else {
                throw CommandFailure(
                    .usage, "--timeout \"\(timeout)\" is not \(DurationText.form)")
            }
            let client = try admin.client()
            let end = ContinuousClock.now + patience
            while true {
                let problem = Self.problem(client)
                guard let problem else {
                    StandardOutput.print("ok\n")
                    return .done
                }
                guard wait, ContinuousClock.now < end else {
                    throw CommandFailure(
                        wait ? .timeout : .unavailable, problem.problem, remedy: problem.remedy)
                }
                // A relay that does not listen yet cannot tell when it will.
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// Why it does not serve; nil: it does.
    private static func problem(_ client: AdminClient) -> CommandFailure? {
        do throws(CommandFailure) {
            let answer = try client.ask("GET", "/readyz")
            guard answer.status != 200 else { return nil }
            return CommandFailure(
                .unavailable, answer.text.trimmingNewline,
                remedy: answer.status == 503 ? nil : "look at the address")
        } catch {
            return error
        }
    }
}

/// `gcm-relay stop`
struct StopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Ends a running relay: drains every connection, stores everything.")

    @OptionGroup var admin: AdminOptions

    func run() async throws {
        try await Program.run {
            _ = try admin.client().need("POST", "/v1/stop")
            return .done
        }
    }
}

extension String {
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
