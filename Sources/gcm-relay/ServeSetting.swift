import ArgumentParser
import CloudMessaging
import Command
import Logging
import NetworkRuntime
import Nodes
import RelayMachine
import RelayService
import XMPPSessions

/// A setting of `serve` and its flag.
struct ServeSetting: Sendable {
    let setting: Setting<ServeSettings>
    /// What was given as a flag.
    let flags: @Sendable (ServeOptions) -> [String]

    private init(
        _ setting: Setting<ServeSettings>,
        _ option: any KeyPath<ServeOptions, String?> & Sendable
    ) {
        self.setting = setting
        flags = { options in options[keyPath: option].map { [$0] } ?? [] }
    }

    private init(
        _ setting: Setting<ServeSettings>,
        list option: any KeyPath<ServeOptions, [String]> & Sendable
    ) {
        self.setting = setting
        flags = { options in options[keyPath: option] }
    }

    /// Every setting, in the order of `--help` and `config show`; the quirks have a table of
    /// their own (`RelayNodeSettings.quirks`).
    static let all = places + lasting + behaviour + talk

    private static let ports = 0...65_535
    private static let counts = 1...1_000_000
    /// Between two things that come again and again: at 0 there would be no end.
    private static let shortest = Duration.milliseconds(1)

    private static let places: [ServeSetting] = [
        ServeSetting(
            Setting(
                "bind", "Address to listen on; loopback is 127.0.0.1 and ::1.", form: "an address",
                one: { $0 }, \.bindName, show: { [$0] }),
            \.bind),
        ServeSetting(
            .integer(
                "port", "Port for app servers; 0 is any free one.", \.relay.port, in: ports),
            \.port),
        ServeSetting(
            .integer(
                "preprod-port", "Pre-production port: the same queues.", \.relay.preprodPort,
                in: ports),
            \.preprodPort),
        ServeSetting(
            .integer("device-port", "Port for devices.", \.relay.devicePort, in: ports),
            \.devicePort),
        ServeSetting(
            .integer(
                "admin-port", "Port for HTTP: health, metrics and the admin API.", \.adminPort,
                in: ports),
            \.adminPort),
        ServeSetting(
            Setting(
                "admin-bind", "Address for HTTP.", form: "an address", one: { $0 },
                \.adminBindName, show: { [$0] }),
            \.adminBind),
        ServeSetting(
            .texts(
                "admin-allow-host",
                "Host name that HTTP requests may use besides localhost; repeatable.",
                \.adminAllowedHosts),
            list: \.adminAllowHost),
    ]

    private static let lasting: [ServeSetting] = [
        ServeSetting(
            Setting(
                "store", "File for messages, devices and registrations, or :memory:.",
                form: "a text", one: { .some($0) }, \.store,
                show: { [$0 ?? "relay.db in the state directory"] }),
            \.store),
        ServeSetting(
            Setting(
                "state-dir", "Directory for certificates and state.", form: "a text",
                one: { .some($0) }, \.stateDirectory,
                show: { [$0 ?? "$XDG_STATE_HOME/gcm-simulator"] }),
            \.stateDir),
        ServeSetting(
            .texts("name", "Name to add to the certificate; repeatable.", \.relay.names),
            list: \.name),
        ServeSetting(
            .text(
                "journal", "File to which the journal is appended, an event a line.",
                \.relay.journalFile),
            \.journal),
        ServeSetting(
            .integer(
                "journal-limit", "Events that the journal keeps in memory; 0: no journal.",
                \.relay.journalLimit, in: 0...10_000_000),
            \.journalLimit),
        ServeSetting(
            .choice(
                "certificate",
                "Certificate to show, to test refusal: good, expired, wrong-host or untrusted.",
                \.relay.certificate),
            \.certificate),
        ServeSetting(
            Setting(
                "project", "SENDER_ID:API_KEY that may log in; repeatable. Without, anybody may.",
                form: "SENDER_ID:API_KEY, such as 555000111222:demo-key", isList: true,
                isQuotable: false,
                set: { texts, settings in settings.setProjects(texts) },
                show: { settings in settings.projects.map { "\($0.sender):***" } }),
            list: \.project),
    ]

    private static let behaviour: [ServeSetting] = [
        ServeSetting(
            .choice(
                "profile", "Form of stanzas to app servers, a set of quirks: observed or docs.",
                \.profile),
            \.profile),
        ServeSetting(
            .choice(
                "redelivery",
                "What makes the relay send again: both, timer, on-reconnect or never.",
                \.relay.node.machine.redelivery),
            \.redelivery),
        ServeSetting(
            .duration(
                "retry-first", "Delay before a message without ACK is sent again.",
                \.relay.node.machine.retry.first, least: shortest),
            \.retryFirst),
        ServeSetting(
            .duration(
                "retry-longest", "Longest such delay.", \.relay.node.machine.retry.longest,
                least: shortest),
            \.retryLongest),
        ServeSetting(
            .number(
                "retry-factor", "What the delay grows by.", \.relay.node.machine.retry.factor,
                in: 1...1_000),
            \.retryFactor),
        ServeSetting(
            .number(
                "retry-jitter", "Share by which a delay varies.",
                \.relay.node.machine.retry.jitter, in: 0...1),
            \.retryJitter),
        ServeSetting(
            .duration(
                "reconnect-holdback",
                "How long waiting messages still wait when their app server comes back.",
                \.relay.node.machine.reconnectHoldback),
            \.reconnectHoldback),
        ServeSetting(
            .integer(
                "max-unacked", "Messages without ACK on one connection.",
                \.relay.node.machine.maxUnacked, in: counts),
            \.maxUnacked),
        ServeSetting(
            .integer(
                "max-connections", "Connections of one sender ID.",
                \.relay.node.machine.maxConnections, in: counts),
            \.maxConnections),
        ServeSetting(
            .duration(
                "ttl-cap", "Longest time to live of a message.", \.timeToLiveCap,
                least: .seconds(1)),
            \.ttlCap),
        ServeSetting(
            .duration(
                "keepalive", "Silence after which a blank is sent.", \.relay.node.keepalive,
                least: shortest),
            \.keepalive),
        ServeSetting(
            .duration(
                "drain-grace", "How long a draining connection may take for its ACKs.",
                \.relay.node.machine.drainGrace),
            \.drainGrace),
        ServeSetting(
            .integer(
                "time-scale", "How many times as fast as the clock's the relay's time passes.",
                \.relay.timeScale, in: Limits.timeScale),
            \.timeScale),
        ServeSetting(
            Setting(
                "seed", "Number that rules all randomness.",
                form: "a whole number from 0 to \(UInt64.max)",
                one: { UInt64($0).map { .some($0) } }, \.seed,
                show: { [$0.map { String($0) } ?? "drawn anew"] }),
            \.seed),
        ServeSetting(
            .text(
                "faults", "File of faults that are in force from the start, YAML or JSON.",
                \.faultFile),
            \.faults),
    ]

    private static let talk: [ServeSetting] = [
        ServeSetting(
            .text(
                "ready-file", "File that tells other programs the ports, once they accept.",
                \.readyFile),
            \.readyFile),
        ServeSetting(
            .choice(
                "log-format", "Form of the log on standard error: text or json.", \.logFormat),
            \.logFormat),
        ServeSetting(
            .choice("log-level", "Least level of the log: trace … critical.", \.logLevel),
            \.wantedLogLevel),
    ]
}

extension ArgumentHelp {
    /// The help of a setting's flag, with what is built in.
    static func setting(_ name: String) -> ArgumentHelp {
        guard let setting = ServeSetting.all.first(where: { $0.setting.name == name })?.setting
        else { preconditionFailure("--\(name) is not in the table of settings") }
        let builtIn = setting.values(in: ServeSettings()).joined(separator: ", ")
        return ArgumentHelp(
            stringLiteral: setting.help + (builtIn.isEmpty ? "" : " (default: \(builtIn))"))
    }
}
