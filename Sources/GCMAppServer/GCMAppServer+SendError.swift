import AppServerMachine

extension GCMAppServer {
    /// Why a downstream message has no ACK.
    public struct SendError: Error, Sendable, CustomStringConvertible {
        /// What kind of failure it was.
        public struct Code: Hashable, Sendable, CustomStringConvertible {
            private enum Name: String {
                case refused, unanswered, tooManyWaiting, stopped, loginRefused, invalidMessage
                case cancelled, timedOut
            }

            private let name: Name

            /// The relay refused the message; ``SendError/nack`` says why.
            public static let refused = Code(name: .refused)
            /// The connection ended before the relay answered, or the answer did not come within
            /// ``Configuration/sendTimeout``: the relay may have taken the message or not.
            public static let unanswered = Code(name: .unanswered)
            /// 10,000 messages wait to be sent already.
            public static let tooManyWaiting = Code(name: .tooManyWaiting)
            /// The app server has ended, and has not sent the message.
            public static let stopped = Code(name: .stopped)
            /// The relay refuses the sender ID with this API key.
            public static let loginRefused = Code(name: .loginRefused)
            /// The message ID is none, or the message is longer than any relay reads.
            public static let invalidMessage = Code(name: .invalidMessage)
            /// The task that waited was cancelled; the relay may get the message or not.
            public static let cancelled = Code(name: .cancelled)

            /// ``Configuration/sendTimeout`` is over, and the relay does not have the message: it
            /// was never written, or refused for the time being.
            public static let timedOut = Code(name: .timedOut)

            /// The name of the code.
            public var description: String { name.rawValue }
        }

        /// What kind of failure it was.
        public let code: Code
        /// The ID of the message.
        public let messageID: String
        /// The relay's answer, if it was one.
        public let nack: Nack?
        /// What was wrong and what to do.
        public let description: String

        init(_ code: Code, messageID: String, nack: Nack? = nil, _ description: String) {
            self.code = code
            self.messageID = messageID
            self.nack = nack
            self.description = description
        }

        /// Whether the device may get the message nevertheless.
        public var mayHaveBeenTaken: Bool { code == .unanswered || code == .cancelled }
    }

    /// How the relay refused a message.
    public struct Nack: Hashable, Sendable {
        /// Why.
        public let error: NackError
        /// The same for people; may be empty.
        public let description: String
        /// Members of a device group that the message will not reach.
        public let failedRegistrationIDs: [String]
    }

    /// Why a relay refuses a message. More cases may come: let a `switch` have a `default`.
    public enum NackError: Hashable, Sendable, CustomStringConvertible {
        /// A field is missing or wrong, or the payload is too big.
        case invalidJSON
        /// The token is none, or another sender's.
        case badRegistration
        /// The app is gone from the device, or has another token: forget this one.
        case deviceUnregistered
        /// An ACK was ill-formed.
        case badAck
        /// The relay cannot take it in time.
        case serviceUnavailable
        /// The relay has a fault.
        case internalServerError
        /// Too many messages to one device: slow down for this token.
        case deviceMessageRateExceeded
        /// Too many messages to one topic: slow down for it.
        case topicsMessageRateExceeded
        /// The connection will be closed. The library sends such a message again by itself, so an
        /// application does not get to see this.
        case connectionDraining
        /// The certificate for APNs is missing or expired.
        case invalidAPNSCredential
        /// Any other; the documentation wants it to be treated like ``internalServerError``.
        case unknown(String)

        private static let names: [(error: NackError, name: String)] = [
            (.invalidJSON, "INVALID_JSON"), (.badRegistration, "BAD_REGISTRATION"),
            (.deviceUnregistered, "DEVICE_UNREGISTERED"), (.badAck, "BAD_ACK"),
            (.serviceUnavailable, "SERVICE_UNAVAILABLE"),
            (.internalServerError, "INTERNAL_SERVER_ERROR"),
            (.deviceMessageRateExceeded, "DEVICE_MESSAGE_RATE_EXCEEDED"),
            (.topicsMessageRateExceeded, "TOPICS_MESSAGE_RATE_EXCEEDED"),
            (.connectionDraining, "CONNECTION_DRAINING"),
            (.invalidAPNSCredential, "INVALID_APNS_CREDENTIAL"),
        ]

        /// The error with this name on the wire.
        public init(name: String) {
            self = Self.names.first { $0.name == name }?.error ?? .unknown(name)
        }

        /// The name on the wire, such as `BAD_REGISTRATION`.
        public var name: String {
            if case .unknown(let name) = self { return name }
            return Self.names.first { $0.error == self }?.name ?? ""
        }

        /// Whether the same message may be taken later; the library has tried that already, so
        /// often as ``GCMAppServer/Configuration/tries`` says.
        public var isRetryable: Bool { DownstreamError(nack: name).remedy != .change }

        /// The name on the wire.
        public var description: String { name }
    }
}
