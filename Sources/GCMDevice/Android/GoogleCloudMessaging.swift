internal import CloudMessaging
internal import DeviceMachine
internal import Foundation

/// The GCM library as an Android app knows it.
///
/// A message is reported by the ``GCMListener``; what these methods throw says only that the
/// library could not take the call.
public final class GoogleCloudMessaging: Sendable {
    private let device: GCMDevice
    private let app: Category
    private let listener: any GCMListener
    private let tokens = TokenRequests()

    /// The library inside one app of a device.
    ///
    /// What an earlier life of the device left untold is told when the device is first used.
    ///
    /// - Parameter packageName: the app server finds it as `category`; 1…255 bytes.
    /// - Throws: `illegalArgument` when the package name is not valid.
    public init(
        device: GCMDevice, packageName: String, listener: any GCMListener
    ) throws(GoogleCloudMessagingError) {
        guard let app = Category(packageName) else {
            throw GoogleCloudMessagingError(
                .illegalArgument, "\"\(packageName)\" is no package name: 1…255 bytes are needed")
        }
        self.device = device
        self.app = app
        self.listener = listener
        device.attach(app) { [tokens] event in
            switch event {
            case .sent(let ids): for id in ids { listener.onMessageSent(id) }
            case .failed(let id, let failure): listener.onSendError(id, failure.androidName)
            case .registered(let token, let senders): tokens.registered(token, senders: senders)
            case .registrationRefused(let refusal):
                tokens.failAll(
                    GoogleCloudMessagingError(
                        .invalidParameters, "INVALID_PARAMETERS", detail: refusal.description))
            case .tokenRefreshed: listener.onTokenRefresh()
            case .joinedGroup: break
            case .received(let message):
                listener.onMessageReceived(from: message.from, data: GCMBundle(message))
            case .messagesDeleted: listener.onDeletedMessages()
            case .offline(let reason): tokens.failAll(.serviceNotAvailable(reason))
            case .accepted, .online: break
            }
        }
    }

    // MARK: Messages

    /// Sends a message with the longest time to live, 86,400 seconds.
    ///
    /// - Throws: as ``send(to:messageID:timeToLive:data:)``.
    public func send(
        to: String?, messageID: String, data: GCMBundle
    ) async throws(GoogleCloudMessagingError) {
        try await send(to: to, messageID: messageID, timeToLive: -1, data: data)
    }

    /// Sends a message: returns when it is queued, durable if the device has a state file, and
    /// does not wait for the relay.
    ///
    /// What is wrong with the message itself, and what becomes of it, the listener is told.
    ///
    /// - Parameters:
    ///   - to: `SENDER_ID@gcm.googleapis.com`, or the notification key of a group that the app is
    ///     in: then the other members get it.
    ///   - messageID: 1…256 UTF-8 bytes; should be unique per sender ID.
    ///   - timeToLive: seconds; negative or above 86,400: 86,400. With 0 the message is never
    ///     queued: it is sent now, or fails with `SERVICE_NOT_AVAILABLE`.
    ///   - data: names and strings of 4,096 UTF-8 bytes at most; `from` and names that begin with
    ///     `google.` or `gcm.` are reserved.
    /// - Throws: `illegalArgument` ("Missing 'to'"); `mainThread` when called on the main thread,
    ///   as every caller on the main actor does; `serviceNotAvailable` when the device is closed
    ///   or its state file cannot be written.
    public func send(
        to: String?, messageID: String, timeToLive: Int, data: GCMBundle
    ) async throws(GoogleCloudMessagingError) {
        guard let to, !to.isEmpty else {
            throw GoogleCloudMessagingError(.illegalArgument, "Missing 'to'")
        }
        guard !isOnMainThread(#isolation) else { throw .mainThread }
        let request = SendRequest(
            category: app, to: to, id: messageID, data: DataPayload(data.pairs),
            timeToLive: timeToLive)
        let error: GoogleCloudMessagingError? = await withCheckedContinuation { continuation in
            let isOpen = device.send(request) { [listener] failure in
                if failure == .notSaved {
                    continuation.resume(returning: .notSaved)
                } else {
                    if let failure { listener.onSendError(messageID, failure.androidName) }
                    continuation.resume(returning: nil)
                }
            }
            if !isOpen { continuation.resume(returning: .closed) }
        }
        if let error { throw error }
    }

    /// The next automatic message ID: "1", "2", …, as the guide's sample app counts, but counted
    /// on when the app starts again.
    public func nextMessageID() async throws(GoogleCloudMessagingError) -> String {
        do throws(GCMDeviceError) {
            return try await device.nextMessageID()
        } catch {
            throw .serviceNotAvailable(error.description)
        }
    }

    // MARK: Registration

    /// The app's registration token, good for these sender IDs besides those it has already.
    ///
    /// - Throws: `illegalArgument` without valid sender IDs, `mainThread`, `serviceNotAvailable`
    ///   when there is no connection and the token is not known yet, `invalidParameters` when the
    ///   relay refuses it.
    public func register(
        _ senderIDs: String...
    ) async throws(GoogleCloudMessagingError) -> String {
        guard !isOnMainThread(#isolation) else { throw .mainThread }
        let senders = senderIDs.compactMap { SenderID($0) }
        guard !senders.isEmpty, senders.count == senderIDs.count else {
            throw GoogleCloudMessagingError(
                .illegalArgument, "Sender IDs of letters, digits, '.', '_' and '-' are needed")
        }
        let outcome = await withCheckedContinuation { continuation in
            let number = tokens.add(senders: senderIDs, continuation)
            let isOpen = device.register(app, senders: senders) { [tokens] reason in
                tokens.fail(number, .serviceNotAvailable(reason))
            }
            if !isOpen { tokens.fail(number, .closed) }
        }
        return try outcome.get()
    }

    /// The app's registration token, as `InstanceID.getToken(senderID, "GCM")` gives it.
    ///
    /// - Throws: as ``register(_:)``; `illegalArgument` for another scope than "GCM".
    public func getToken(
        _ senderID: String, scope: String = INSTANCE_ID_SCOPE
    ) async throws(GoogleCloudMessagingError) -> String {
        guard scope.utf8.elementsEqual(Self.INSTANCE_ID_SCOPE.utf8) else {
            throw GoogleCloudMessagingError(.illegalArgument, "The scope must be \"GCM\"")
        }
        return try await register(senderID)
    }
}

// What an app asks about its registration.
extension GoogleCloudMessaging {
    /// Ends the app's registration: messages to its token are refused from now on, and those that
    /// the app had pending end with `invalid_parameters`. Sending another message registers anew.
    ///
    /// - Throws: `mainThread`; `serviceNotAvailable` without a connection; `invalidParameters` when
    ///   the app is not registered.
    public func unregister() async throws(GoogleCloudMessagingError) {
        guard !isOnMainThread(#isolation) else { throw .mainThread }
        try await ask(.unregister)
    }

    /// Asks for another token in place of the one there is, as the service does by itself from time
    /// to time; the listener is told by ``GCMListener/onTokenRefresh()``.
    ///
    /// - Throws: as ``unregister()``.
    public func refreshToken() async throws(GoogleCloudMessagingError) {
        guard !isOnMainThread(#isolation) else { throw .mainThread }
        try await ask(.refreshToken)
    }

    func ask(
        _ request: AppRequest, token: String? = nil
    ) async throws(GoogleCloudMessagingError) {
        let error: GoogleCloudMessagingError? = await withCheckedContinuation { continuation in
            let isOpen = device.request(request, of: app, token: token) { refusal in
                continuation.resume(returning: refusal.map { GoogleCloudMessagingError($0) })
            }
            if !isOpen { continuation.resume(returning: .closed) }
        }
        if let error { throw error }
    }
}

// Names that Android developers search for.
// swift-format-ignore: AlwaysUseLowerCamelCase
extension GoogleCloudMessaging {
    /// Text of the error of a call on the main thread.
    public static let ERROR_MAIN_THREAD = "MAIN_THREAD"
    /// Text of the error when the library cannot work, and of `onSendError` for an expired message.
    public static let ERROR_SERVICE_NOT_AVAILABLE = "SERVICE_NOT_AVAILABLE"
    /// The scope of tokens for messages.
    public static let INSTANCE_ID_SCOPE = "GCM"
    /// A message of an app server.
    public static let MESSAGE_TYPE_MESSAGE = "gcm"
    /// The relay threw messages away.
    public static let MESSAGE_TYPE_DELETED = "deleted_messages"
    /// A message will not be sent.
    public static let MESSAGE_TYPE_SEND_ERROR = "send_error"
    /// A message was sent.
    public static let MESSAGE_TYPE_SEND_EVENT = "send_event"
}

extension GoogleCloudMessagingError {
    fileprivate init(_ refusal: AppRequest.Refusal) {
        let reason = refusal.reason.isEmpty ? nil : refusal.reason
        switch refusal.error {
        case .serviceNotAvailable, .tooManyMessages:
            self = .serviceNotAvailable(
                reason ?? "the device is not connected, or the relay cannot do it now")
        case .invalidParameters, .messageTooBig, .missingTo:
            self.init(
                .invalidParameters, "INVALID_PARAMETERS",
                detail: reason ?? "the app has not that token")
        }
    }

    fileprivate static let notSaved = serviceNotAvailable(
        "the message could not be written to the device's state file")
    fileprivate static let closed = serviceNotAvailable(GCMDeviceError.closed.description)
}

/// - Parameter caller: the actor that the caller runs on. The thread alone does not tell: on Linux
///   an asynchronous `main` gives its thread up, and the main actor runs on others.
func isOnMainThread(_ caller: (any Actor)?) -> Bool {
    caller === MainActor.shared || Thread.isMainThread
}
