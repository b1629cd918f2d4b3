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

    /// Members of a group whose rate does not allow a request; the others are counted.
    mutating func throttled(_ request: DownstreamRequest, in group: DeviceGroup, now: Instant)
        -> [Int64]
    {
        guard request.timeToLive > 0 else { return [] }
        return group.members.filter { deviceRates?.takes($0, now: now) == false }
    }

    /// A message to a topic is in the mailboxes of its subscribers. It counts for the rate of each,
    /// and is not held back by it: what became of a fan-out is told to nobody (protocol sheet §3.7).
    mutating func count(_ pending: PendingRequest, for subscribers: [Int64]?, now: Instant) {
        guard deviceRates != nil, pending.request.timeToLive > 0 else { return }
        for number in subscribers ?? [] { _ = deviceRates?.takes(number, now: now) }
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
