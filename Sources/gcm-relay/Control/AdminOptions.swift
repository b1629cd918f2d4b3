import ArgumentParser
import Command
import Foundation

/// Which relay is meant.
struct AdminOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The relay's HTTP address. (default: $GCM_RELAY_ADMIN_URL, else http://localhost:8085)",
            valueName: "url"))
    var admin: String?

    func client() throws(CommandFailure) -> AdminClient {
        let environment = ProcessInfo.processInfo.environment
        return try AdminClient(
            url: admin ?? environment["GCM_RELAY_ADMIN_URL"] ?? "http://localhost:8085")
    }
}
