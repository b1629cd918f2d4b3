@testable import GCMDevice

/// A device with one iOS app on it.
struct IPhone {
    let device: GCMDevice
    let service = GCMService()
    let app = App()

    final class App: GCMReceiverDelegate {
        enum Told: Hashable, Sendable {
            case will(String)
            case failed(String, Int)
            case did(String)

            var isWill: Bool { if case .will = self { true } else { false } }
        }

        let told = Diary<Told>()
        /// What each message holds, by key, and the notices.
        let received = Diary<String>()

        func willSendDataMessage(withID messageID: String, error: GCMServiceError?) {
            told.write(error.map { .failed(messageID, $0.code.rawValue) } ?? .will(messageID))
        }

        func didSendDataMessage(withID messageID: String) {
            told.write(.did(messageID))
        }

        func didReceiveRemoteNotification(_ userInfo: [AnyHashable: Any]) {
            received.write(Self.line(userInfo))
        }

        func didDeleteMessagesOnServer() {
            received.write("deleted")
        }

        private static func line(_ dictionary: [AnyHashable: Any]) -> String {
            dictionary.map { key, value in
                guard let inner = value as? [AnyHashable: Any] else { return "\(key)=\(value)" }
                return "\(key)={\(line(inner))}"
            }.sorted().joined(separator: " ")
        }
    }

    init(_ configuration: GCMDeviceConfiguration) async throws {
        device = try await GCMDevice.open(configuration)
        try service.start(
            with: GCMConfig(
                device: device, bundleIdentifier: "com.example.dove", receiverDelegate: app))
    }

    /// The outcome of the connection's first attempt.
    func connect() async -> GCMServiceError? {
        await withCheckedContinuation { continuation in
            service.connect { continuation.resume(returning: $0) }
        }
    }
}
