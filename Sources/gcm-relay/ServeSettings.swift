import CloudMessaging
import Command
import Logging
import NIOCore
import NetworkRuntime
import RelayMachine
import RelayService
import XMPPSessions

/// What a relay is started with: flag, then variable, then file, then what is built in.
struct ServeSettings: Sendable {
    let relay: RelayConfiguration
    let adminPort: Int
    let adminBind: ListenAddress
    let adminAllowedHosts: [String]
    let readyFile: String?
    let state: StateDirectory
    let logFormat: LogFormat
    let logLevel: Logger.Level

    /// Every key that a settings file may have.
    private static let keys = [
        "bind", "port", "preprod-port", "device-port", "admin-port", "admin-bind",
        "admin-allow-host", "store", "state-dir", "name", "project", "profile", "redelivery",
        "retry-first", "retry-longest", "retry-factor", "retry-jitter", "reconnect-holdback",
        "max-unacked", "max-connections", "ttl-cap", "keepalive", "drain-grace", "seed",
        "ready-file", "log-format", "log-level",
    ]

    init(_ options: ServeOptions) throws(CommandFailure) {
        var file: SettingsFile?
        if let path = options.config { file = try SettingsFile(path: path, keys: Self.keys) }
        let find = Finder(SettingsResolver(command: "gcm-relay serve", file: file))

        let stateDirectory = try find.optionalText("state-dir", options.stateDir)
        state = stateDirectory.map { StateDirectory(path: $0) } ?? StateDirectory()
        try state.create()
        relay = try Self.relay(options, find, state)
        adminPort = try find.port("admin-port", options.adminPort, 8_085)
        adminBind = ListenAddress(
            try find.optionalText("admin-bind", options.adminBind) ?? "loopback")
        adminAllowedHosts = try find.texts("admin-allow-host", options.adminAllowHost)
        readyFile = try find.optionalText("ready-file", options.readyFile)
        logFormat = try find.choice("log-format", options.logFormat, .text)
        let level: Logger.Level =
            options.verbose ? .debug : options.quiet ? .warning : .info
        logLevel = try find.choice("log-level", options.logLevel, level)
    }

    private static func relay(
        _ options: ServeOptions, _ find: Finder, _ state: StateDirectory
    ) throws(CommandFailure) -> RelayConfiguration {
        let store = try find.optionalText("store", options.store) ?? state.storeFile
        let seed = try find.seed("seed", options.seed)
        var relay = RelayConfiguration(
            store: store == ":memory:" ? .memory : .file(store), trustDirectory: state.path,
            seed: seed)
        relay.bind = ListenAddress(try find.optionalText("bind", options.bind) ?? "loopback")
        relay.port = try find.port("port", options.port, relay.port)
        relay.preprodPort = try find.port("preprod-port", options.preprodPort, relay.preprodPort)
        relay.devicePort = try find.port("device-port", options.devicePort, relay.devicePort)
        relay.names = try find.texts("name", options.name)
        relay.runtime.profile = try find.choice("profile", options.profile, .observed)
        let keepalive = try find.duration("keepalive", options.keepalive, .seconds(60))
        relay.runtime.keepalive = .nanoseconds(keepalive.wholeNanoseconds)
        relay.runtime.machine = try machine(options, find)
        return relay
    }

    private static func machine(
        _ options: ServeOptions, _ find: Finder
    ) throws(CommandFailure) -> RelaySettings {
        var machine = RelaySettings()
        machine.redelivery = try find.choice("redelivery", options.redelivery, .both)
        machine.retry.first = try find.duration(
            "retry-first", options.retryFirst, machine.retry.first)
        machine.retry.longest = try find.duration(
            "retry-longest", options.retryLongest, machine.retry.longest)
        machine.retry.factor = try find.number(
            "retry-factor", options.retryFactor, machine.retry.factor, in: 1...1_000)
        machine.retry.jitter = try find.number(
            "retry-jitter", options.retryJitter, machine.retry.jitter, in: 0...1)
        machine.reconnectHoldback = try find.duration(
            "reconnect-holdback", options.reconnectHoldback, machine.reconnectHoldback)
        machine.maxUnacked = try find.count("max-unacked", options.maxUnacked, machine.maxUnacked)
        machine.maxConnections = try find.count(
            "max-connections", options.maxConnections, machine.maxConnections)
        let cap = try find.duration(
            "ttl-cap", options.ttlCap, .seconds(machine.timeToLiveCap))
        machine.timeToLiveCap = cap.secondsRoundedUp
        machine.drainGrace = try find.duration(
            "drain-grace", options.drainGrace, machine.drainGrace)
        machine.projects = try projects(find.texts("project", options.project))
        if machine.retry.first > machine.retry.longest {
            throw CommandFailure(
                .badSettings,
                "--retry-first (\(machine.retry.first)) is longer than --retry-longest "
                    + "(\(machine.retry.longest))")
        }
        return machine
    }

    private static func projects(
        _ texts: [String]
    ) throws(CommandFailure) -> [SenderID: String]? {
        guard !texts.isEmpty else { return nil }
        var projects: [SenderID: String] = [:]
        for text in texts {
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, let sender = SenderID(parts[0]) else {
                // The text may hold a key: it is not repeated.
                throw CommandFailure(
                    .usage, "a --project is not SENDER_ID:API_KEY",
                    remedy: "such as --project 555000111222:demo-key")
            }
            projects[sender] = parts[1]
        }
        return projects
    }
}

/// Finds settings by their kind.
private struct Finder {
    private let resolver: SettingsResolver

    init(_ resolver: SettingsResolver) {
        self.resolver = resolver
    }

    func optionalText(_ name: String, _ flag: String?) throws(CommandFailure) -> String? {
        try resolver.optional(name, flag: flag, form: "a text") { $0 }
    }

    func texts(_ name: String, _ flags: [String]) throws(CommandFailure) -> [String] {
        try resolver.list(name, flags: flags, form: "a text") { $0 }
    }

    func port(_ name: String, _ flag: Int?, _ builtIn: Int) throws(CommandFailure) -> Int {
        try integer(name, flag, builtIn, in: 0...65_535)
    }

    func count(_ name: String, _ flag: Int?, _ builtIn: Int) throws(CommandFailure) -> Int {
        try integer(name, flag, builtIn, in: 1...1_000_000)
    }

    private func integer(
        _ name: String, _ flag: Int?, _ builtIn: Int, in range: ClosedRange<Int>
    ) throws(CommandFailure) -> Int {
        let form = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        let value = try resolver.value(name, flag: flag, default: builtIn, form: form) { Int($0) }
        guard range.contains(value) else {
            throw CommandFailure(.usage, "--\(name) \(value) is not \(form)")
        }
        return value
    }

    func number(
        _ name: String, _ flag: Double?, _ builtIn: Double, in range: ClosedRange<Double>
    ) throws(CommandFailure) -> Double {
        let form = "a number from \(range.lowerBound) to \(range.upperBound)"
        let value = try resolver.value(name, flag: flag, default: builtIn, form: form) {
            Double($0)
        }
        guard range.contains(value) else {
            throw CommandFailure(.usage, "--\(name) \(value) is not \(form)")
        }
        return value
    }

    func duration(
        _ name: String, _ flag: String?, _ builtIn: Duration
    ) throws(CommandFailure) -> Duration {
        if let flag {
            guard let duration = DurationText.parse(flag) else {
                throw CommandFailure(
                    .usage, "--\(name) \"\(flag)\" is not \(DurationText.form)")
            }
            return duration
        }
        return try resolver.value(
            name, flag: nil, default: builtIn, form: DurationText.form, parse: DurationText.parse)
    }

    func seed(_ name: String, _ flag: UInt64?) throws(CommandFailure) -> UInt64 {
        try resolver.value(
            name, flag: flag, default: .random(in: .min ... .max), form: "a whole number"
        ) { UInt64($0) }
    }

    func choice<Value: RawRepresentable & CaseIterable>(
        _ name: String, _ flag: String?, _ builtIn: Value
    ) throws(CommandFailure) -> Value where Value.RawValue == String {
        let form = "one of \(Value.allCases.map(\.rawValue).joined(separator: ", "))"
        if let flag {
            guard let value = Value(rawValue: flag) else {
                throw CommandFailure(.usage, "--\(name) \"\(flag)\" is not \(form)")
            }
            return value
        }
        return try resolver.value(name, flag: nil, default: builtIn, form: form) {
            Value(rawValue: $0)
        }
    }
}
