import GCMDevice

/// A device with one Android app on it, and what that app was told.
struct AndroidPhone: Sendable {
    enum Told: Hashable, Sendable {
        case sent(String)
        case error(String, String)

        var messageID: String {
            switch self {
            case .sent(let id), .error(let id, _): id
            }
        }
    }

    final class Listener: GCMListener {
        let told = Diary<Told>()

        func onMessageSent(_ messageID: String) { told.write(.sent(messageID)) }

        func onSendError(_ messageID: String, _ error: String) {
            told.write(.error(messageID, error))
        }
    }

    let device: GCMDevice
    let gcm: GoogleCloudMessaging
    private let listener = Listener()

    init(_ device: GCMDevice, packageName: String = Town.app) throws {
        self.device = device
        gcm = try GoogleCloudMessaging(
            device: device, packageName: packageName, listener: listener)
    }

    /// What the app was told so far.
    var told: [Told] { listener.told.entries }

    func send(_ messageIDs: String..., data: GCMBundle = ["greet": "coo"]) async throws {
        for id in messageIDs {
            try await gcm.send(to: Town.address, messageID: id, data: data)
        }
    }

    /// Waits until the app was told all of these; returns everything that it was told so far.
    @discardableResult
    func wait(for expected: Told...) async throws -> [Told] {
        try await listener.told.wait(for: "\(expected)") { told in
            expected.allSatisfy(told.contains)
        }
    }

    /// Waits until the app was told so often.
    @discardableResult
    func wait(count: Int) async throws -> [Told] {
        try await listener.told.wait(for: "\(count) callbacks") { $0.count >= count }
    }
}

/// A device with one iOS app on it, and what that app was told.
struct IPhone: Sendable {
    enum Told: Hashable, Sendable {
        case will(String, GCMServiceErrorCode?)
        case did(String)

        var messageID: String {
            switch self {
            case .will(let id, _), .did(let id): id
            }
        }
    }

    final class Delegate: GCMReceiverDelegate {
        let told = Diary<Told>()

        func willSendDataMessage(withID messageID: String, error: GCMServiceError?) {
            told.write(.will(messageID, error?.code))
        }

        func didSendDataMessage(withID messageID: String) { told.write(.did(messageID)) }
    }

    let device: GCMDevice
    let service = GCMService()
    private let delegate = Delegate()

    init(_ device: GCMDevice, bundleIdentifier: String = Town.app) throws {
        self.device = device
        var config = GCMConfig(device: device, bundleIdentifier: bundleIdentifier)
        config.receiverDelegate = delegate
        try service.start(with: config)
    }

    /// What the app was told so far.
    var told: [Told] { delegate.told.entries }

    func send(_ messageIDs: String..., data: [AnyHashable: Any] = ["greet": "coo"]) {
        for id in messageIDs { service.sendMessage(data, to: Town.address, withID: id) }
    }

    /// Waits until the app was told all of these; returns everything that it was told so far.
    @discardableResult
    func wait(for expected: Told...) async throws -> [Told] {
        try await delegate.told.wait(for: "\(expected)") { told in
            expected.allSatisfy(told.contains)
        }
    }
}
