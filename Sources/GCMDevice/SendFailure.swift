package import CloudMessaging

/// Why a message of an app will not travel, and what each platform calls it.
package enum SendFailure: Hashable, Sendable {
    /// An error that the protocol knows.
    case upstream(UpstreamError)
    /// Time to live 0, and no connection.
    case notConnected
    /// The message could not be written to the state file.
    case notSaved

    /// - Parameter timeToLive: what the app asked for, in seconds.
    init(refused error: UpstreamError, timeToLive: Int?) {
        switch error {
        case .serviceNotAvailable where timeToLive == 0: self = .notConnected
        case .serviceNotAvailable: self = .notSaved
        default: self = .upstream(error)
        }
    }

    /// What `onSendError` gives (protocol sheet §4.1).
    package var androidName: String {
        switch self {
        case .upstream(let error): error.androidName
        case .notConnected, .notSaved: UpstreamError.serviceNotAvailable.androidName
        }
    }

    /// What the error of `willSendDataMessage` has for a code (protocol sheet §4.3).
    package var iosCode: GCMServiceErrorCode {
        switch self {
        case .upstream(.serviceNotAvailable), .upstream(.tooManyMessages):
            .upstreamServiceNotAvailable
        case .upstream(.invalidParameters): .invalidParameters
        case .upstream(.missingTo): .missingTo
        case .upstream(.messageTooBig): .sizeExceeded
        case .notConnected: .network
        case .notSaved: .save
        }
    }
}
