import ArgumentParser
import Command
import TLSEngine

/// `gcm-relay trust jks`
struct TrustJava: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jks",
        abstract: "Writes a trust store for Java, and prints where it is.",
        discussion: #"Its password is "changeit"."#)

    @OptionGroup var options: TrustOptions

    @Option(
        name: .shortAndLong, help: "File to write. (default: trust.jks in the state directory)")
    var output: String?

    func run() async throws {
        try await options.withAuthority { authority, now in
            let file = try write(of: authority, now: now)
            StandardOutput.print("\(file)\n")
        }
    }

    private func write(of authority: LocalAuthority, now: Int64) throws -> String {
        guard let output else {
            return try ClientTrust(of: authority, now: now).javaTrustStoreFile
        }
        let file = try ReportOutput(path: output)
        try file.write(try authority.authority.javaTrustStore(now: now))
        try file.finish()
        return output
    }
}
