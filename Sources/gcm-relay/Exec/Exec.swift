import ArgumentParser
import Command

/// `gcm-relay exec`
struct Exec: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Runs a command beside a relay of its own, and ends both.",
        discussion: """
            Takes free ports, keeps messages in memory, logs warnings only and drains for a \
            second, unless told otherwise. The command finds the relay by the variables \
            GCM_RELAY_HOST, GCM_RELAY_PORT, GCM_RELAY_DEVICE_PORT, GCM_RELAY_ADMIN_URL, \
            GCM_RELAY_CA_FILE, GCM_RELAY_SENDER_ID and GCM_RELAY_API_KEY, and trusts it by \
            SSL_CERT_FILE, NODE_EXTRA_CA_CERTS and JAVA_TOOL_OPTIONS. Ends with the command's \
            own exit code, 128 + n if signal n killed it, 126 or 127 if it cannot be started.
            """)

    @OptionGroup var options: ServeOptions

    @Argument(
        parsing: .postTerminator, help: "What to run, after --, with its arguments.")
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else {
            throw ValidationError("nothing to run; write it after --, as in: exec -- make test")
        }
    }

    func run() async throws {
        try await Program.run {
            let server = try await RelayServer(
                ResolvedSettings(options, of: "gcm-relay exec", builtIn: .ofExec))
            let files = ReadyFiles(server.settings.readyFile)
            defer { files.withdraw() }
            let code = try await server.run { note in
                files.write(note)
                return try await ProcessUnderTest(
                    command: command,
                    environment: ExecEnvironment.variables(server.settings, note)
                ).run()
            }
            throw ExitCode(code)
        }
    }
}
