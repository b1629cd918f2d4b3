import ArgumentParser
import CloudMessaging
import Command

/// `gcm-device refresh-token`: another token for the app.
struct RefreshTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh-token",
        abstract: "Get another token in place of the app's, and print it.",
        discussion: AppRequestOptions.exitCodes)

    @OptionGroup var options: AppRequestOptions

    func run() async throws {
        try await Program.run {
            try await options.ask(.refreshToken)
        }
    }
}
