/// Why a message of an app with the Firebase library will not travel.
public struct SendException: Error, Hashable, Sendable, CustomStringConvertible {
    /// One of the constants.
    public let errorCode: Int
    /// The text that the service gave, in its own spelling.
    public let description: String

    /// - Parameter error: the text that the service gave; upper and lower case do not matter.
    public init(_ error: String) {
        description = error
        errorCode =
            switch error.lowercased() {
            case "invalid_parameters", "missing_to": Self.ERROR_INVALID_PARAMETERS
            case "messagetoobig": Self.ERROR_SIZE
            case "service_not_available": Self.ERROR_TTL_EXCEEDED
            case "toomanymessages": Self.ERROR_TOO_MANY_MESSAGES
            default: Self.ERROR_UNKNOWN
            }
    }
}

// Names that Android developers search for.
// swift-format-ignore: AlwaysUseLowerCamelCase
extension SendException {
    /// Any other reason.
    public static let ERROR_UNKNOWN = 0
    /// The address, the ID or the data are not valid.
    public static let ERROR_INVALID_PARAMETERS = 1
    /// The data are too big.
    public static let ERROR_SIZE = 2
    /// It expired before it could be sent.
    public static let ERROR_TTL_EXCEEDED = 3
    /// The app has as many messages pending as it may.
    public static let ERROR_TOO_MANY_MESSAGES = 4
}
