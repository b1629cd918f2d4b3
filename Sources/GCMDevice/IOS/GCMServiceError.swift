public import Foundation

/// The numbers that developers of iOS apps know from `GCMService.h`.
public enum GCMServiceErrorCode: Int, Hashable, Sendable, CaseIterable {
    /// The request makes no sense.
    case invalidRequest = 0
    /// The relay does not accept who the device says it is.
    case authentication = 1
    /// The app may not do this.
    case noAccess = 2
    /// No answer came in time.
    case timeout = 3
    /// There is no connection.
    case network = 4
    /// The same operation is under way already.
    case operationInProgress = 5
    /// Something else.
    case unknown = 7
    /// The device has no identity yet.
    case missingDeviceID = 501
    /// The message expired before the relay took it, or a limit of pending messages was set and
    /// is reached.
    case upstreamServiceNotAvailable = 1001
    /// The address, a key or the message ID is not valid.
    case invalidParameters = 1002
    /// The message has no address.
    case missingTo = 1003
    /// The message could not be saved on the device.
    case save = 1004
    /// The payload exceeds its limit, ``GCMService/sendMessage(_:to:timeToLive:withID:)``.
    case sizeExceeded = 1005
    /// The device is connected already.
    case alreadyConnected = 2001
    /// The app has subscribed to the topic already.
    case pubSubAlreadySubscribed = 3001
    /// The app is not subscribed to the topic.
    case pubSubAlreadyUnsubscribed = 3002
    /// The name is not one of a topic.
    case pubSubInvalidTopic = 3003
}

/// What ``GCMService`` reports when something went wrong.
public struct GCMServiceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Which error it is.
    public let code: GCMServiceErrorCode
    /// The cause, as far as it is known.
    public let reason: String?

    init(_ code: GCMServiceErrorCode, reason: String? = nil) {
        self.code = code
        self.reason = reason
    }

    /// The code's name and number, and the cause.
    public var description: String {
        "\(code) (\(code.rawValue))" + (reason.map { ": \($0)" } ?? "")
    }
}

extension GCMServiceError: CustomNSError {
    /// The domain of these errors as `NSError`.
    public static var errorDomain: String { "com.google.gcm" }

    /// The code of the error as `NSError`.
    public var errorCode: Int { code.rawValue }
}
