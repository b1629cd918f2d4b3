import CloudMessaging
import Command
import Faults
import Logging
import NIOCore
import NetworkRuntime
import Nodes
import RelayMachine
import RelayService
import Scenario
import Stagecraft
import XMPPSessions

/// What a relay is started with. As made: what is built in.
struct ServeSettings: Sendable {
    /// Store, trust directory and seed excepted: `configuration` has all.
    var relay = RelayConfiguration(store: .memory, trustDirectory: "", seed: 0)
    var adminPort = 8_085
    var adminBind = ListenAddress.loopback
    var adminAllowedHosts: [String] = []
    var store: String?
    var stateDirectory: String?
    var seed: UInt64?
    var faultFile: String?
    var profile = Profile.observed
    /// Quirks that differ from the profile's where nobody says anything.
    var ownQuirks: [QuirkChoice] = []
    var readyFile: String?
    var logFormat = LogFormat.text
    var logLevel = Logger.Level.info

    var state: StateDirectory {
        stateDirectory.map { StateDirectory(path: $0) } ?? StateDirectory()
    }

    /// Everything that the relay needs to start; reads the file of faults, if there is one.
    func configuration() throws(CommandFailure) -> RelayConfiguration {
        var relay = relay
        let store = store ?? state.storeFile
        relay.store = store == ":memory:" ? .memory : .file(store)
        relay.trustDirectory = state.path
        relay.node.seed = seed ?? .random(in: .min ... .max)
        relay.node.faults = try faults()
        return relay
    }

    private func faults() throws(CommandFailure) -> [FaultRule] {
        guard let faultFile else { return [] }
        do throws(ScenarioFileError) {
            return try FaultFile.load(path: faultFile)
        } catch {
            throw CommandFailure([error])
        }
    }

    /// Settings that exclude each other, by their names; nil: there are none.
    var contradiction: (settings: [String], failure: CommandFailure)? {
        let retry = relay.node.machine.retry
        if retry.first > retry.longest {
            let (first, longest) = (
                DurationText.text(of: retry.first), DurationText.text(of: retry.longest)
            )
            return (
                ["retry-first", "retry-longest"],
                CommandFailure(
                    .badSettings,
                    "--retry-first (\(first)) is longer than --retry-longest (\(longest))")
            )
        }
        if relay.journalFile != nil, relay.journalLimit == 0 {
            return (
                ["journal", "journal-limit"],
                CommandFailure(
                    .badSettings, "--journal needs a journal, and --journal-limit 0 keeps none",
                    remedy: "leave out one of the two")
            )
        }
        if !relay.bind.isLocal, relay.node.machine.projects == nil {
            return (
                ["bind"],
                CommandFailure(RelayStartError.openToAll(host: relay.bind.primaryHost))
            )
        }
        return nil
    }
}

extension ServeSettings {
    /// What is built in for a relay that lasts as long as a command: out of everybody's way.
    ///
    /// - Parameter scenario: what is played meanwhile; its relay's settings are built in.
    static func ofExec(playing scenario: ScenarioFile?) -> ServeSettings {
        var settings = ServeSettings()
        settings.relay.port = 0
        settings.relay.preprodPort = 0
        settings.relay.devicePort = 0
        settings.adminPort = 0
        settings.store = ":memory:"
        settings.logLevel = .warning
        // Whoever had connections has ended.
        settings.relay.node.machine.drainGrace = .seconds(1)
        guard let scenario else { return settings }
        scenario.relay.apply(to: &settings.relay.node)
        settings.profile = scenario.relay.profile == .docs ? .docs : .observed
        settings.ownQuirks = scenario.relay.quirks
        settings.seed = scenario.seed
        return settings
    }
}

// The forms that people write, beside those that the relay works with.

extension ServeSettings {
    var bindName: String {
        get { relay.bind.name }
        set { relay.bind = ListenAddress(newValue) }
    }

    var adminBindName: String {
        get { adminBind.name }
        set { adminBind = ListenAddress(newValue) }
    }

    var timeToLiveCap: Duration {
        get { .seconds(relay.node.machine.timeToLiveCap) }
        set { relay.node.machine.timeToLiveCap = newValue.secondsRoundedUp }
    }

    /// The sender IDs that may log in, with their keys; in the order of the IDs.
    var projects: [(sender: SenderID, key: String)] {
        (relay.node.machine.projects ?? [:]).map { ($0.key, $0.value) }
            .sorted { $0.sender.text < $1.sender.text }
    }

    /// False: one of the texts is not `SENDER_ID:API_KEY`.
    mutating func setProjects(_ texts: [String]) -> Bool {
        var projects: [SenderID: String] = [:]
        for text in texts {
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, let sender = SenderID(parts[0]) else { return false }
            projects[sender] = parts[1]
        }
        relay.node.machine.projects = projects
        return true
    }
}

extension ListenAddress {
    fileprivate var name: String {
        switch self {
        case .loopback: "loopback"
        case .host(let host): host
        }
    }
}
