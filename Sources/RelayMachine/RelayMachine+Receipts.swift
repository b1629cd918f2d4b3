package import CloudMessaging

/// Delivery receipts. One goes the way of an upstream message: stored, forwarded, retried until its
/// ACK.
extension RelayMachine {
    /// A device acknowledged a message whose sender wants to know (protocol sheet §3.5).
    mutating func sendReceipt(
        for message: DownstreamMessage, deliveredOn stream: DeviceStreamID, now: Instant
    ) {
        let number = storeReceipt(
            for: message.id, of: message.registration, to: message.sender, now: now)
        effects.tell(.made(number, of: .delivery(on: stream), sender: message.sender))
    }

    /// Puts a receipt in as if an app had got a message; returns its number.
    ///
    /// - Parameter id: the app server's `message_id` of that message, which need not be known.
    package mutating func injectReceipt(
        for id: MessageID, of registration: Registration, to sender: SenderID, now: Instant
    ) -> Int64 {
        let sender = senderNumber(of: sender)
        let number = storeReceipt(for: id, of: registration, to: sender, now: now)
        effects.tell(.made(number, of: .order, sender: sender))
        return number
    }

    private mutating func storeReceipt(
        for id: MessageID, of registration: Registration, to sender: SenderNumber, now: Instant
    ) -> Int64 {
        let lane = LaneID(sender: sender, index: LaneHash.lane(of: registration.token))
        let receipt = UpstreamMessage(
            key: nextKey(in: lane), origin: registration, id: .receipt(for: id),
            data: .receipt(for: id, of: registration.token, now: now),
            timeToLive: settings.timeToLiveCap, expiry: now + .seconds(settings.timeToLiveCap),
            kind: .receipt)
        effects.counters.receipts += 1
        pipeline.next.batch.messages.append(receipt)
        return receipt.key.sequence
    }
}

extension DataPayload {
    fileprivate static func receipt(
        for id: MessageID, of token: RegistrationToken, now: Instant
    ) -> DataPayload {
        DataPayload([
            ("message_status", "MESSAGE_SENT_TO_DEVICE"),
            ("original_message_id", id.text),
            ("device_registration_id", token.text),
            ("message_sent_timestamp", String(now.nanoseconds / 1_000_000)),
        ])
    }
}
