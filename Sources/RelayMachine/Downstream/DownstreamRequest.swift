package import CloudMessaging

/// A message that an app server sends to a device, its form already checked.
package struct DownstreamRequest: Hashable, Sendable {
    package enum Target: Hashable, Sendable {
        case registration(RegistrationToken)
        /// Its subscribers get it from the topic.
        case topic(TopicName)
        /// They get it from the sender.
        case condition(TopicCondition)
    }

    package let target: Target
    /// `to`, or `condition`, as it came: the answer repeats it as `from`.
    package let addressee: String
    package let id: MessageID
    package let collapseKey: String?
    /// Seconds; 0: now or never.
    package let timeToLive: Int
    package let wantsReceipt: Bool
    /// Judged and answered like any other, but not delivered.
    package let isDryRun: Bool
    /// Whether it asks for what only Apple's push service does.
    package let needsAPNS: Bool
    /// What the device gets: the members `data`, `notification` and the like, as JSON.
    package let content: [UInt8]

    package init(
        target: Target, addressee: String, id: MessageID, collapseKey: String? = nil,
        timeToLive: Int = Limits.downstreamTimeToLive.upperBound, wantsReceipt: Bool = false,
        isDryRun: Bool = false, needsAPNS: Bool = false, content: [UInt8] = Array("{}".utf8)
    ) {
        self.target = target
        self.addressee = addressee
        self.id = id
        self.collapseKey = collapseKey
        self.timeToLive = timeToLive
        self.wantsReceipt = wantsReceipt
        self.isDryRun = isDryRun
        self.needsAPNS = needsAPNS
        self.content = content
    }
}

/// The one answer to a request.
package enum DownstreamAnswer: Hashable, Sendable {
    /// Taken, which does not mean delivered. A canonical token replaces the one that was named.
    case ack(canonical: RegistrationToken?)
    case nack(DownstreamError, description: String)
    /// To a device group: how many members it will reach, and the tokens of those that it will not.
    /// It is an ACK unless nobody is reached.
    case group(reached: Int, failed: [RegistrationToken])
}

/// Why a request was not taken (protocol sheet §3.3); the raw value is the `error` on the wire.
package enum DownstreamError: String, Sendable, CaseIterable {
    case invalidJSON = "INVALID_JSON"
    case badRegistration = "BAD_REGISTRATION"
    case deviceUnregistered = "DEVICE_UNREGISTERED"
    case badAcknowledgement = "BAD_ACK"
    case serviceUnavailable = "SERVICE_UNAVAILABLE"
    case internalServerError = "INTERNAL_SERVER_ERROR"
    case deviceMessageRateExceeded = "DEVICE_MESSAGE_RATE_EXCEEDED"
    case topicsMessageRateExceeded = "TOPICS_MESSAGE_RATE_EXCEEDED"
    case connectionDraining = "CONNECTION_DRAINING"
    case invalidAPNSCredential = "INVALID_APNS_CREDENTIAL"
}
