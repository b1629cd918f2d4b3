import ArgumentParser
import Command
import GCMDevice

/// Whose client library the device plays (`--client`).
enum ClientProfile: String, ExpressibleByArgument, CaseIterable {
    case android
    case ios

    var platform: GCMDeviceConfiguration.Platform {
        switch self {
        case .android: .android
        case .ios: .ios
        }
    }

    /// Adds an error under the name, or the number, that the platform gives it.
    func add(_ failure: SendFailure, to line: inout EventLine) {
        switch self {
        case .android: line.add("error", failure.androidName)
        case .ios: line.add("error", failure.iosCode.rawValue)
        }
    }
}
