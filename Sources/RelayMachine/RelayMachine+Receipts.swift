import CloudMessaging

extension RelayMachine {
    /// A device acknowledged a message whose sender wants to know (protocol sheet §3.5).
    ///
    /// A receipt goes the way of an upstream message: stored, forwarded, retried until its ACK.
    mutating func sendReceipt(
        for message: DownstreamMessage, deliveredOn stream: DeviceStreamID, now: Instant
    ) {
        let lane = LaneID(
            sender: message.sender, index: LaneHash.lane(of: message.registration.token))
        let receipt = UpstreamMessage(
            key: nextKey(in: lane), origin: message.registration,
            id: .receipt(for: message.id), data: .receipt(for: message, now: now),
            timeToLive: settings.timeToLiveCap, expiry: now + .seconds(settings.timeToLiveCap),
            kind: .receipt)
        effects.counters.receipts += 1
        effects.tell(
            .made(receipt.key.sequence, of: .delivery(on: stream), sender: message.sender))
        pipeline.next.batch.messages.append(receipt)
    }
}

extension DataPayload {
    fileprivate static func receipt(
        for message: DownstreamMessage, now: Instant
    ) -> DataPayload {
        DataPayload([
            ("message_status", "MESSAGE_SENT_TO_DEVICE"),
            ("original_message_id", message.id.text),
            ("device_registration_id", message.registration.token.text),
            ("message_sent_timestamp", String(now.nanoseconds / 1_000_000)),
        ])
    }
}
