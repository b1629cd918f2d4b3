internal import CloudMessaging
internal import DeviceMachine
internal import Synchronization

/// The GCM library as an iOS app knows it.
///
/// Each outcome is reported by the ``GCMReceiverDelegate`` of the configuration; no method waits
/// for the relay.
public final class GCMService: Sendable {
    private struct Running {
        let device: GCMDevice
        let app: Category
        let delegate: (any GCMReceiverDelegate)?
    }

    private static let shared = GCMService()
    private let running = Mutex<Running?>(nil)
    private let connecting = ConnectHandlers()

    /// A service of its own, for a process that plays several apps or devices.
    public init() {}

    /// The service that all parts of an app share.
    public static func sharedInstance() -> GCMService { shared }

    /// Starts the service; everything else comes after.
    ///
    /// What an earlier life of the device left untold is told when the device is first used.
    ///
    /// - Throws: `invalidParameters` when the bundle ID is not valid.
    public func start(with config: GCMConfig) throws(GCMServiceError) {
        guard let app = Category(config.bundleIdentifier) else {
            throw GCMServiceError(
                .invalidParameters,
                reason: "\"\(config.bundleIdentifier)\" is no bundle ID: 1…255 bytes are needed")
        }
        let delegate = config.receiverDelegate
        running.withLock {
            $0 = Running(device: config.device, app: app, delegate: delegate)
        }
        config.device.attach(app) { [connecting] event in
            switch event {
            case .accepted(let id): delegate?.willSendDataMessage(withID: id, error: nil)
            case .sent(let ids): for id in ids { delegate?.didSendDataMessage(withID: id) }
            case .failed(let id, let failure):
                delegate?.willSendDataMessage(withID: id, error: GCMServiceError(failure.iosCode))
            case .received(let message):
                delegate?.didReceiveRemoteNotification(message.userInfo)
            case .messagesDeleted: delegate?.didDeleteMessagesOnServer()
            case .online: connecting.connected()
            case .offline(let reason): connecting.failed(reason)
            case .registered, .registrationRefused, .tokenRefreshed, .joinedGroup: break
            }
        }
    }

    // MARK: Connection

    /// Connects the device to its relay, and again whenever the connection is lost.
    ///
    /// - Parameter handler: called once on the device's own thread: with nil when the connection
    ///   is there, with `network` when the first attempt failed (others follow), with
    ///   `alreadyConnected` when there was nothing to do.
    public func connect(handler: @escaping @Sendable (GCMServiceError?) -> Void = { _ in }) {
        guard let device = running.withLock(\.self)?.device else {
            return handler(GCMServiceError(.invalidRequest, reason: "start(with:) comes first"))
        }
        if connecting.add(handler) { device.connect() }
    }

    /// Disconnects the device; messages are kept until it is connected again.
    public func disconnect() {
        running.withLock(\.self)?.device.disconnect()
    }

    /// Ends the service and its device, with the other apps on it; messages without an outcome
    /// stay in the device's state file.
    public func teardown() async {
        await running.withLock(\.self)?.device.close()
    }

    // MARK: Messages

    /// Sends a message with the longest time to live, 86,400 seconds.
    public func sendMessage(_ message: [AnyHashable: Any], to: String, withID messageID: String) {
        sendMessage(message, to: to, timeToLive: -1, withID: messageID)
    }

    /// Sends a message: it is saved, and uploaded when the device is connected.
    ///
    /// - Parameters:
    ///   - message: pairs whose key or value is not a string are ignored, unless
    ///     ``DeviceQuirks/otherValues`` says otherwise. The others are sent in
    ///     the order of their keys' UTF-8 bytes. Keys and values must not exceed 4,096 UTF-8
    ///     bytes: the original library counted UTF-16 units, which are never more, but the relay
    ///     takes no more bytes than that; otherwise the error is `sizeExceeded`. The key `from`
    ///     and keys that begin with `google.` or `gcm.` are reserved: `invalidParameters`.
    ///   - to: `SENDER_ID@gcm.googleapis.com`, or the notification key of a group that the app is
    ///     in: then the other members get it.
    ///   - timeToLive: seconds; negative or above 86,400: 86,400. With 0 the message is never
    ///     saved: it is sent now, or fails with `network`.
    ///   - messageID: 1…256 UTF-8 bytes; should be unique per sender ID.
    public func sendMessage(
        _ message: [AnyHashable: Any], to: String, timeToLive: Int, withID messageID: String
    ) {
        guard let running = running.withLock(\.self) else { return }
        let request = SendRequest(
            category: running.app, to: to, id: messageID,
            data: DataPayload(strings: message, otherValues: running.device.quirks.otherValues),
            timeToLive: timeToLive)
        let delegate = running.delegate
        let isOpen = running.device.send(request) { failure in
            guard let failure else { return }
            delegate?.willSendDataMessage(
                withID: messageID, error: GCMServiceError(failure.iosCode))
        }
        guard !isOpen else { return }
        delegate?.willSendDataMessage(
            withID: messageID, error: GCMServiceError(.save, reason: "the device was closed"))
    }
}
