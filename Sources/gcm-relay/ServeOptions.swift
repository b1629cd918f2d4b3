import ArgumentParser

/// The flags of a relay, as they were written: `ServeSetting` reads them.
struct ServeOptions: ParsableArguments {
    // MARK: Where

    @Option(help: .setting("bind"))
    var bind: String?

    @Option(help: .setting("port"))
    var port: String?

    @Option(help: .setting("preprod-port"))
    var preprodPort: String?

    @Option(help: .setting("device-port"))
    var devicePort: String?

    @Option(help: .setting("admin-port"))
    var adminPort: String?

    @Option(help: .setting("admin-bind"))
    var adminBind: String?

    @Option(help: .setting("admin-allow-host"))
    var adminAllowHost: [String] = []

    // MARK: What lasts

    @Option(help: .setting("store"))
    var store: String?

    @Option(help: .setting("state-dir"))
    var stateDir: String?

    @Option(help: .setting("name"))
    var name: [String] = []

    @Option(help: .setting("journal"))
    var journal: String?

    @Option(help: .setting("journal-limit"))
    var journalLimit: String?

    @Option(help: .setting("certificate"))
    var certificate: String?

    // MARK: Who

    @Option(help: .setting("project"))
    var project: [String] = []

    // MARK: How

    @Option(help: .setting("profile"))
    var profile: String?

    @Option(help: "NAME=VALUE, instead of the profile's; repeatable. config show lists them.")
    var quirk: [String] = []

    @Option(help: .setting("redelivery"))
    var redelivery: String?

    @Option(help: .setting("retry-first"))
    var retryFirst: String?

    @Option(help: .setting("retry-longest"))
    var retryLongest: String?

    @Option(help: .setting("retry-factor"))
    var retryFactor: String?

    @Option(help: .setting("retry-jitter"))
    var retryJitter: String?

    @Option(help: .setting("reconnect-holdback"))
    var reconnectHoldback: String?

    @Option(help: .setting("max-unacked"))
    var maxUnacked: String?

    @Option(help: .setting("max-connections"))
    var maxConnections: String?

    @Option(help: .setting("ttl-cap"))
    var ttlCap: String?

    @Option(help: .setting("keepalive"))
    var keepalive: String?

    @Option(help: .setting("drain-grace"))
    var drainGrace: String?

    @Option(help: .setting("time-scale"))
    var timeScale: String?

    @Option(help: .setting("seed"))
    var seed: String?

    @Option(help: .setting("faults"))
    var faults: String?

    // MARK: Talk

    @Option(help: .setting("ready-file"))
    var readyFile: String?

    @Option(help: .setting("log-format"))
    var logFormat: String?

    @Option(help: .setting("log-level"))
    var logLevel: String?

    @Flag(name: .shortAndLong, help: "Log every attempt: --log-level debug.")
    var verbose = false

    @Flag(name: .shortAndLong, help: "Log warnings only: --log-level warning.")
    var quiet = false

    @Option(help: "YAML file of settings, its keys the flags without dashes.")
    var config: String?

    /// The level that `--log-level`, `-v` or `-q` asks for.
    var wantedLogLevel: String? {
        logLevel ?? (verbose ? "debug" : quiet ? "warning" : nil)
    }
}
