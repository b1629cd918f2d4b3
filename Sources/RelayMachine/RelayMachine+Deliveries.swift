package import CloudMessaging

/// Downstream, from the mailbox to the device, with stream management acknowledgements.
extension RelayMachine {
    /// The device acknowledged so many more of its deliveries, oldest first.
    package mutating func delivered(_ count: Int, on stream: DeviceStreamID, now: Instant) {
        guard case .bound(let slot) = streams[stream]?.state else { return }
        for _ in 0..<count {
            guard let delivery = devices[slot].onWire.popFirst() else { break }
            switch delivery {
            case .message(let message): wasDelivered(message, now: now)
            case .deletion(let notice): pipeline.next.batch.deletionsTold.append(notice)
            }
        }
        deliverNext(to: slot, now: now)
    }

    private mutating func wasDelivered(_ message: DownstreamMessage, now: Instant) {
        effects.counters.delivered += 1
        if message.timeToLive > 0 { pipeline.next.batch.mailboxRemovals.append(message.key) }
        if message.wantsReceipt { sendReceipt(for: message, now: now) }
    }

    // MARK: Mailboxes of devices that are online

    /// A device is online: its mailboxes are looked into.
    mutating func openMailboxes(of slot: DeviceSlot, now: Instant) {
        devices[slot].mailboxes = devices[slot].registrations.map { Mailbox(registration: $0) }
        deliverNext(to: slot, now: now)
    }

    /// A device is offline: what was on the wire is delivered again the next time.
    mutating func closeMailboxes(of slot: DeviceSlot) {
        devices[slot].mailboxes = []
        devices[slot].onWire = []
    }

    /// The last sequence on the wire to an app: 0 when its device is offline.
    func lastDelivered(to registration: Registration) -> Int64 {
        guard let slot = devices.slot(of: registration.device) else { return 0 }
        return devices[slot].mailboxes.first { $0.registration.number == registration.number }?
            .lastDelivered ?? 0
    }

    /// A deposit changed a mailbox: its device gets the message now, if it is online.
    mutating func mailboxChanged(
        _ message: DownstreamMessage, _ result: DepositResult, now: Instant
    ) {
        guard let slot = devices.slot(of: message.registration.device),
            let index = devices[slot].indexOfMailbox(message.key.registration)
        else { return }
        switch result {
        case .stored(let dropped):
            devices[slot].mailboxes[index].drop(dropped)
            devices[slot].mailboxes[index].append(message)
        case .overflowed(let dropped, _):
            devices[slot].mailboxes[index].drop(dropped)
            // The notice is read like a message.
            devices[slot].mailboxes[index].hasMore = true
        }
        deliverNext(to: slot, now: now)
    }

    /// The store answered a read of a mailbox.
    mutating func mailboxRead(
        _ content: MailboxContent, for wanted: WantedMailbox, now: Instant
    ) {
        guard case .bound(let slot) = streams[wanted.stream]?.state,
            let index = devices[slot].indexOfMailbox(wanted.read.registration)
        else { return }
        if let notice = content.deletion { deliver(.deletion(notice), to: slot) }
        devices[slot].mailboxes[index].take(content.messages, limit: wanted.read.limit)
        deliverNext(to: slot, now: now)
    }

    // MARK: On the wire

    /// TTL 0: delivered now, or dropped.
    mutating func deliverOrDrop(_ message: DownstreamMessage, now: Instant) {
        guard let slot = devices.slot(of: message.registration.device),
            devices[slot].stream != nil, !devices[slot].isWireFull
        else {
            effects.counters.deliveriesExpired += 1
            return
        }
        deliver(.message(message), to: slot)
    }

    /// Puts on the wire what there is room for.
    private mutating func deliverNext(to slot: DeviceSlot, now: Instant) {
        guard devices[slot].stream != nil else { return }
        for index in devices[slot].mailboxes.indices {
            while !devices[slot].isWireFull,
                let message = devices[slot].mailboxes[index].ready.popFirst()
            {
                devices[slot].mailboxes[index].lastDelivered = message.key.sequence
                guard message.expiry > now else { continue }
                deliver(.message(message), to: slot)
            }
            readMore(slot, index)
        }
    }

    private mutating func deliver(_ delivery: Delivery, to slot: DeviceSlot) {
        guard let stream = devices[slot].stream else { return }
        devices[slot].onWire.append(delivery)
        effects.counters.deliveries += 1
        effects.actions.append(.deliver(delivery, on: stream))
    }

    private mutating func readMore(_ slot: DeviceSlot, _ index: Int) {
        guard let stream = devices[slot].stream, devices[slot].mailboxes[index].wantsRead,
            !devices[slot].isWireFull
        else { return }
        devices[slot].mailboxes[index].isReading = true
        let mailbox = devices[slot].mailboxes[index]
        let read = MailboxRead(
            registration: mailbox.registration.number, after: mailbox.lastKnown,
            limit: Limits.mailboxReadBatch)
        pipeline.next.batch.mailboxReads.append(read)
        pipeline.next.mailboxReads.append(WantedMailbox(read: read, stream: stream))
    }
}
