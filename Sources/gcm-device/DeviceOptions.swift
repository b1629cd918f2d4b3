import ArgumentParser
import CloudMessaging
import Command
import Foundation
import GCMDevice

/// The options of every subcommand: which relay, which app, which file.
struct DeviceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where the relay's device port is. (default: the relay that was ready last)",
            valueName: "host:port"),
        transform: { text in
            guard let address = HostPort(text) else {
                throw ValidationError("\"\(text)\" is not \(HostPort.form)")
            }
            return address
        })
    var relay: HostPort?

    @Option(
        help: ArgumentHelp(
            "The CA that signed the relay's certificate. (default: that of the relay that was "
                + "ready last)", valueName: "file"))
    var ca: String?

    @Option(
        help: ArgumentHelp(
            "The project number of the app server. (default: \(Defaults.senderID))",
            valueName: "id"))
    var senderID: String?

    @Option(
        help: ArgumentHelp("The sending app: package name or bundle ID.", valueName: "package"))
    var app = Defaults.app

    @Option(help: ArgumentHelp("Whose client library to play: android or ios."))
    var client = ClientProfile.android

    @Option(
        help: ArgumentHelp(
            "Makes the device's random choices repeatable.", valueName: "n"))
    var seed: UInt64?

    /// The app, by the name under which the relay knows it.
    func category() throws(CommandFailure) -> Category {
        guard let category = Category(app) else {
            throw CommandFailure(
                .usage, "--app \"\(app)\" is no package name: 1…255 bytes are needed")
        }
        return category
    }

    /// The address of the app server.
    func address() throws(CommandFailure) -> String {
        let environment = ProcessInfo.processInfo.environment
        let id = senderID ?? environment["GCM_RELAY_SENDER_ID"] ?? Defaults.senderID
        guard let sender = SenderID(id) else {
            throw CommandFailure(
                .usage, "--sender-id \"\(id)\" is no sender ID",
                remedy: "it has 1…64 letters, digits, '.', '_' or '-'")
        }
        return "\(sender.text)@gcm.googleapis.com"
    }

    /// - Parameter stateFile: nil: the device forgets everything at its end.
    func configuration(stateFile: String?) -> GCMDeviceConfiguration {
        let location = RelayLocation(
            door: .devices, relay: relay, authorityFile: ca, state: StateDirectory())
        var configuration = GCMDeviceConfiguration(
            platform: client.platform, relayHost: location.address.host,
            relayPort: location.address.port, trustedCAFile: location.authorityFile,
            stateFile: stateFile)
        if let seed { configuration.seed = seed }
        return configuration
    }
}

extension CommandFailure {
    /// What ends a command when the device cannot be opened.
    init(_ error: GCMDeviceError) {
        let remedy = "start gcm-relay first, or name its CA file with --ca"
        switch error.code {
        case .missingTrust: self.init(.unavailable, error.description, remedy: remedy)
        case .unusableTrust, .stateFileNotOurs: self.init(.badData, error.description)
        case .stateFileInUse: self.init(.unavailable, error.description)
        case .stateFileNotWritable: self.init(.cannotCreate, error.description)
        case .configuration: self.init(.usage, error.description)
        default: self.init(.software, error.description)
        }
    }
}
