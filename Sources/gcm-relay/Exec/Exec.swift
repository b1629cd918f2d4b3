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
            own exit code, 128 + n if signal n killed it, 126 or 127 if it cannot be started. \
            Where that is 0: with 1 if an expectation of --scenario or --verify is not met, with \
            75 if an event that a step waits for did not come.
            """)

    @OptionGroup var options: ServeOptions

    @Option(
        help: ArgumentHelp(
            "Play the file's cast at the relay while the command runs, and judge its "
                + "expectations; its app server of role external is the command's.",
            valueName: "file"))
    var scenario: String?

    @Option(
        help: ArgumentHelp(
            "Judge the file's expectations on the relay's journal when the command has ended, as "
                + "gcm-relay verify does.", valueName: "file"))
    var verify: String?

    @Option(
        name: .customLong("report"),
        help: ArgumentHelp(
            "text, json, junit, html or ndjson, on what was judged; repeatable. (default: text on "
                + "standard error)", valueName: "kind:file"),
        transform: ReportRequest.init(reading:))
    var reports: [ReportRequest] = []

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
            let scenario = try scenario.map { try NamedScenario.load([$0]) }?.first
            let resolved = try ResolvedSettings(
                options, of: "gcm-relay exec", builtIn: .ofExec(playing: scenario?.file))
            let examination = try Examination(
                scenario, verify: verify, reports: reports, resolved.settings)
            let server = try await RelayServer(resolved, companion: examination.companion)
            let files = ReadyFiles(server.settings.readyFile)
            defer { files.withdraw() }
            let code = try await server.run { note in
                files.write(note)
                try await examination.begin(server)
                let code = try await ProcessUnderTest(
                    command: command,
                    environment: ExecEnvironment.variables(
                        server.settings, note, guest: scenario?.file.guest)
                ).run()
                let verdict = try await examination.end(server, isHasty: code != 0)
                return code == 0 ? verdict.rawValue : code
            }
            throw ExitCode(code)
        }
    }
}
