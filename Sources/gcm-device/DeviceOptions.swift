import ArgumentParser
import CloudMessaging
import Command
import Foundation
import GCMDevice

/// The flags that every subcommand has: where the relay is, and who sends.
struct DeviceOptions: ParsableArguments {
    @OptionGroup var relayOptions: RelayOptions

    @Option(
        help: ArgumentHelp("The sending app's package name or bundle ID.", valueName: "package"))
    var app = Defaults.app

    @Option(help: "Whose client library the device plays: android, ios or fcm.")
    var client = ClientProfile.android

    /// Who sends, once checked.
    func sender() throws(CommandFailure) -> (app: Category, to: String) {
        let environment = ProcessInfo.processInfo.environment
        let senderID =
            relayOptions.senderID ?? environment["GCM_RELAY_SENDER_ID"] ?? Defaults.senderID
        guard let sender = SenderID(senderID) else {
            throw CommandFailure(
                .usage, "--sender-id \"\(senderID)\" is no project number",
                remedy: "such as \(Defaults.senderID)")
        }
        guard let category = Category(app) else {
            throw CommandFailure(
                .usage, "--app \"\(app)\" is no package name", remedy: "such as \(Defaults.app)")
        }
        return (category, "\(sender)@gcm.googleapis.com")
    }

    /// How the device reaches its relay.
    func configuration(stateFile: String?) -> GCMDeviceConfiguration {
        let location = RelayLocation(
            door: .devices, relay: relayOptions.relay, authorityFile: relayOptions.ca,
            state: StateDirectory())
        return GCMDeviceConfiguration(
            platform: client == .ios ? .ios : .android, relayHost: location.address.host,
            relayPort: location.address.port, trustedCAFile: location.authorityFile,
            stateFile: stateFile)
    }
}

/// Whose client library the device plays.
enum ClientProfile: String, ExpressibleByArgument, CaseIterable, Sendable {
    case android
    case ios
    /// Firebase on Android.
    case fcm

    /// Seconds that a message may be asked to live; nil: what is beyond the bounds becomes the
    /// longest time. Firebase's `setTtl` throws instead (protocol sheet §4).
    var timeToLive: ClosedRange<Int>? {
        self == .fcm ? 0...RemoteMessage.longestTTL : nil
    }
}

extension CommandFailure {
    /// What ends a command when the device cannot run.
    init(_ error: GCMDeviceError) {
        switch error.code {
        case .missingTrust:
            self.init(
                .unavailable, error.description,
                remedy: "start gcm-relay first, or name its CA file with --ca")
        case .unusableTrust: self.init(.badData, error.description)
        case .stateFileNotOurs: self.init(.cannotCreate, error.description)
        case .stateFileInUse: self.init(.unavailable, error.description)
        case .stateFileNotWritable: self.init(.ioError, error.description)
        case .configuration: self.init(.usage, error.description)
        default: self.init(.software, error.description)
        }
    }
}
