import ArgumentParser
import CloudMessaging
import Command

/// `gcm-device register`: the app's token.
struct RegisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Get the app's token, and print it.",
        discussion: AppRequestOptions.exitCodes)

    @OptionGroup var options: AppRequestOptions

    func run() async throws {
        try await Program.run {
            try await options.ask(nil)
        }
    }
}
