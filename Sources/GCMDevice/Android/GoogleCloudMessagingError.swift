/// What the methods of ``GoogleCloudMessaging`` throw; the text of an original exception is its
/// description.
public struct GoogleCloudMessagingError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What kind of failure it is; more kinds may come.
    public struct Code: Hashable, Sendable {
        private enum Kind {
            case mainThread, serviceNotAvailable, illegalArgument, invalidParameters
        }

        private let kind: Kind

        /// `IOException("MAIN_THREAD")`: called on the main thread, which must not block.
        public static let mainThread = Code(kind: .mainThread)
        /// `IOException("SERVICE_NOT_AVAILABLE")`: the device was closed, or its state file cannot
        /// be written; for a token: there is no connection.
        public static let serviceNotAvailable = Code(kind: .serviceNotAvailable)
        /// `IllegalArgumentException`: an argument is missing or not valid.
        public static let illegalArgument = Code(kind: .illegalArgument)
        /// `IOException("INVALID_PARAMETERS")`: the relay refuses a sender ID.
        public static let invalidParameters = Code(kind: .invalidParameters)
    }

    /// What kind of failure it is.
    public let code: Code
    /// The text that the original has.
    public let description: String
    /// More about the cause, where there is more.
    public let detail: String?

    init(_ code: Code, _ description: String, detail: String? = nil) {
        self.code = code
        self.description = description
        self.detail = detail
    }

    static let mainThread = GoogleCloudMessagingError(
        .mainThread, GoogleCloudMessaging.ERROR_MAIN_THREAD,
        detail: "call it from a task that does not run on the main actor")

    static func serviceNotAvailable(_ detail: String) -> GoogleCloudMessagingError {
        GoogleCloudMessagingError(
            .serviceNotAvailable, GoogleCloudMessaging.ERROR_SERVICE_NOT_AVAILABLE, detail: detail)
    }
}
