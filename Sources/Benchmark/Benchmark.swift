import ArgumentParser

/// `make bench`: what a message costs the relay, compared in the same run with a TLS echo.
@main
struct Benchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measures the upstream hop of a relay in a process of its own.",
        subcommands: [Run.self, Echo.self], defaultSubcommand: Run.self)
}

/// The server half of the echo: started by `Run` as a process of its own.
struct Echo: AsyncParsableCommand {
    static let configuration = CommandConfiguration(shouldDisplay: false)

    @Option var trustDirectory: String

    func run() async throws {
        try await EchoServer.run(trustDirectory: trustDirectory)
    }
}
