internal import CloudMessaging
internal import DeviceMachine
internal import Synchronization

/// The Firebase library as an Android app knows it, beside ``GoogleCloudMessaging``.
public final class FirebaseMessaging: Sendable {
    private let device: GCMDevice
    private let app: Category
    private let service: any FirebaseMessagingService

    /// The library inside one app of a device.
    ///
    /// - Parameters:
    ///   - packageName: the app server finds it as `category`; 1…255 bytes.
    ///   - senderID: of the app's project; its token is made by itself, as soon as there is a
    ///     connection.
    /// - Throws: `illegalArgument` when the package name or the sender ID is not valid.
    public init(
        device: GCMDevice, packageName: String, senderID: String,
        service: any FirebaseMessagingService
    ) throws(GoogleCloudMessagingError) {
        guard let app = Category(packageName), let sender = SenderID(senderID) else {
            throw GoogleCloudMessagingError(
                .illegalArgument,
                "\"\(packageName)\" is no package name, or \"\(senderID)\" no "
                    + "sender ID")
        }
        self.device = device
        self.app = app
        self.service = service
        let told = LastToken()
        device.attach(app) { event in
            switch event {
            case .sent(let ids): for id in ids { service.onMessageSent(id) }
            case .failed(let id, let failure):
                service.onSendError(id, SendException(failure.androidName))
            case .registered(let token, _): if told.isNew(token) { service.onNewToken(token) }
            case .received(let message): service.onMessageReceived(RemoteMessage(message))
            case .messagesDeleted: service.onDeletedMessages()
            case .accepted, .registrationRefused, .tokenRefreshed, .joinedGroup, .online, .offline:
                break
            }
        }
        _ = device.register(app, senders: [sender]) { _ in }
    }

    /// Hands a message over; the service is told what becomes of it.
    ///
    /// - Throws: `illegalArgument` ("Missing 'to'") for a message that was received.
    public func send(_ message: RemoteMessage) throws(GoogleCloudMessagingError) {
        guard let to = message.to else {
            throw GoogleCloudMessagingError(.illegalArgument, "Missing 'to'")
        }
        let id = message.messageID ?? ""
        let request = SendRequest(
            category: app, to: to, id: id, data: DataPayload(message.data.pairs),
            timeToLive: message.ttl)
        let isOpen = device.send(request) { [service] failure in
            if let failure { service.onSendError(id, SendException(failure.androidName)) }
        }
        if !isOpen {
            service.onSendError(id, SendException(UpstreamError.serviceNotAvailable.androidName))
        }
    }
}

/// The token that the app was told last.
private final class LastToken: Sendable {
    private let told = Mutex<String?>(nil)

    func isNew(_ token: String) -> Bool {
        told.withLock { told in
            defer { told = token }
            return told.map { !$0.hasSameBytes(as: token) } ?? true
        }
    }
}
