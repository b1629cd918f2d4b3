/// Why a device's message will not travel, once for all client profiles.
package enum UpstreamError: String, Hashable, Sendable, CaseIterable {
    /// 21st pending message of an app (guide page).
    case tooManyMessages
    /// Expired before the relay took it, or TTL 0 without a connection (guide page).
    case serviceNotAvailable
    /// Keys and values of `data` exceed 4,096 bytes.
    case messageTooBig
    /// No address of an app server.
    case missingTo
    /// Unknown address, reserved key, foreign app or token, ill-formed ID.
    case invalidParameters

    /// The name that `onSendError` gives on Android (observed in the client library).
    package var androidName: String {
        switch self {
        case .tooManyMessages: "TooManyMessages"
        case .serviceNotAvailable: "SERVICE_NOT_AVAILABLE"
        case .messageTooBig: "MessageTooBig"
        case .missingTo: "missing_to"
        case .invalidParameters: "invalid_parameters"
        }
    }

    /// The number in `GCMServiceErrorCode` on iOS (GCMService.h).
    package var iosCode: Int {
        switch self {
        case .tooManyMessages, .serviceNotAvailable: 1001
        case .invalidParameters: 1002
        case .missingTo: 1003
        case .messageTooBig: 1005
        }
    }

    /// The name on our device stream.
    package init?(wireName: String) {
        guard let match = Self.allCases.first(where: { $0.androidName == wireName })
        else { return nil }
        self = match
    }
}
