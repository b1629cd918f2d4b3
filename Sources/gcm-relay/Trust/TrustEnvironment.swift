import ArgumentParser
import Command
import Foundation
import TLSEngine

/// `gcm-relay trust env`
struct TrustEnvironment: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env",
        abstract: "Prints the variables by which clients trust the CA, for a shell.",
        discussion: """
            Use it as: eval "$(gcm-relay trust env)". SSL_CERT_FILE has the system's CAs and \
            ours: OpenSSL, Python, Go, PHP. NODE_EXTRA_CA_CERTS is for Node, JAVA_TOOL_OPTIONS \
            for Java.
            """)

    @OptionGroup var options: TrustOptions

    func run() async throws {
        try await options.withAuthority { authority, now in
            let variables = try ClientTrust(of: authority, now: now).environment(
                javaToolOptions: ProcessInfo.processInfo.environment["JAVA_TOOL_OPTIONS"])
            let lines = variables.map { "export \($0.name)=\(shellQuoted($0.value))\n" }
            StandardOutput.print(lines.joined())
        }
    }

    private func shellQuoted(_ text: String) -> String {
        "'" + text.replacing("'", with: #"'\''"#) + "'"
    }
}
