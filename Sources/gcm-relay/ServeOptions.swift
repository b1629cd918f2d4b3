import ArgumentParser
import Command

/// The flags of a relay. None has a default here: `ServeSettings` finds it.
struct ServeOptions: ParsableArguments {
    // MARK: Where

    @Option(help: "Address to listen on; loopback is 127.0.0.1 and ::1. (default: loopback)")
    var bind: String?

    @Option(help: "Port for app servers; 0 is any free one. (default: 5235)")
    var port: Int?

    @Option(help: "Pre-production port: the same queues. (default: 5236)")
    var preprodPort: Int?

    @Option(help: "Port for devices. (default: 5228)")
    var devicePort: Int?

    @Option(help: "Port for HTTP: /livez /readyz /version /metrics. (default: 8085)")
    var adminPort: Int?

    @Option(help: "Address for HTTP. (default: loopback)")
    var adminBind: String?

    @Option(help: "Host name that HTTP requests may use besides localhost; repeatable.")
    var adminAllowHost: [String] = []

    // MARK: What lasts

    @Option(
        help:
            "File for messages, devices and registrations, or :memory:. (default: relay.db in the state directory)"
    )
    var store: String?

    @Option(
        help: "Directory for certificates and state. (default: $XDG_STATE_HOME/gcm-simulator)")
    var stateDir: String?

    @Option(help: "Name to add to the certificate; repeatable.")
    var name: [String] = []

    // MARK: Who

    @Option(help: "SENDER_ID:API_KEY that may log in; repeatable. (default: anybody)")
    var project: [String] = []

    // MARK: How

    @Option(help: "Form of stanzas to app servers: observed or docs. (default: observed)")
    var profile: String?

    @Option(
        help: "What makes the relay send again: both, timer, on-reconnect or never. (default: both)"
    )
    var redelivery: String?

    @Option(help: "Delay before a message without ACK is sent again. (default: 10s)")
    var retryFirst: String?

    @Option(help: "Longest such delay. (default: 180s)")
    var retryLongest: String?

    @Option(help: "What the delay grows by. (default: 2)")
    var retryFactor: Double?

    @Option(help: "Share by which a delay varies. (default: 0.2)")
    var retryJitter: Double?

    @Option(
        help: "How long waiting messages still wait when their app server comes back. (default: 0s)"
    )
    var reconnectHoldback: String?

    @Option(help: "Messages without ACK on one connection. (default: 100)")
    var maxUnacked: Int?

    @Option(help: "Connections of one sender ID. (default: 1000)")
    var maxConnections: Int?

    @Option(help: "Longest time to live of a message. (default: 24h)")
    var ttlCap: String?

    @Option(help: "Silence after which a blank is sent. (default: 60s)")
    var keepalive: String?

    @Option(help: "How long a draining connection may take for its ACKs. (default: 30s)")
    var drainGrace: String?

    @Option(help: "Number that rules all randomness. (default: drawn anew)")
    var seed: UInt64?

    // MARK: Talk

    @Option(help: "File that tells other programs the ports, once they accept.")
    var readyFile: String?

    @Option(help: "Form of the log on standard error: text or json. (default: text)")
    var logFormat: String?

    @Option(help: "Least level of the log: trace … critical. (default: info)")
    var logLevel: String?

    @Flag(name: .shortAndLong, help: "Log every attempt: --log-level debug.")
    var verbose = false

    @Flag(name: .shortAndLong, help: "Log warnings only: --log-level warning.")
    var quiet = false

    @Option(help: "YAML file of settings, its keys the flags without dashes.")
    var config: String?
}
