import ArgumentParser
import Command

/// `gcm-relay serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Runs a relay until it is told to end.",
        discussion: """
            Every flag can also be set by a variable (GCM_RELAY_SERVE_PORT for --port) or in the \
            file that --config names; the flag wins, then the variable, then the file.
            """)

    @OptionGroup var options: ServeOptions

    func run() async throws {
        try await Program.run {
            let server = try await RelayServer(ResolvedSettings(options))
            let files = ReadyFiles(server.settings.state.readyNote, server.settings.readyFile)
            defer { files.withdraw() }
            let services = server.services(stop: StopService()) { note in
                files.write(note)
                StandardOutput.print(note.line + "\n")
            }
            do {
                return try await SignalledServices.run(services, logger: server.logger)
            } catch {
                throw server.failure(error)
            }
        }
    }
}
