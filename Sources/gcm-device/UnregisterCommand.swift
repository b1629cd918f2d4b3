import ArgumentParser
import CloudMessaging
import Command

/// `gcm-device unregister`: the end of the app's token.
struct UnregisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unregister",
        abstract: "End the app's registration: messages to its token are refused.",
        discussion: AppRequestOptions.exitCodes)

    @OptionGroup var options: AppRequestOptions

    func run() async throws {
        try await Program.run {
            try await options.ask(.unregister, registers: false, event: "unregistered")
        }
    }
}
