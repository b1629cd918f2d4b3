import CloudMessaging

/// Requests that are refused by quirks: too many, or in need of what the project lacks.
extension RelayMachine {
    /// Whether the rate to a registration allows a request; now or never is never throttled
    /// (protocol sheet §3.4).
    mutating func takes(
        _ request: DownstreamRequest, for registration: Registration, now: Instant
    ) -> Bool {
        guard request.timeToLive > 0 else { return true }
        return deviceRates?.takes(registration.number, now: now) ?? true
    }

    /// Whether the rate to a topic or condition allows a request.
    mutating func takes(_ pending: PendingRequest, now: Instant) -> Bool {
        guard pending.request.timeToLive > 0 else { return true }
        let topic = RatedTopic(
            text: "\(pending.sender.rawValue) \(pending.request.addressee)")
        return topicRates?.takes(topic, now: now) ?? true
    }

    func lacksCredential(_ request: DownstreamRequest) -> Bool {
        settings.quirks.apnsCredential == .missing && request.needsAPNS
    }
}

/// What the rate of a sender to a topic is counted by: the sender's number, a blank, and the topic's
/// address, or the condition as it was written.
struct RatedTopic: ByteIdentified {
    let text: String
}
