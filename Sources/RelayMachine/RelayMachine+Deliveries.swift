package import CloudMessaging
import DequeModule

/// Downstream, from the mailbox to the device, with stream management acknowledgements.
extension RelayMachine {
    /// The device acknowledged so many more of its deliveries, oldest first.
    package mutating func delivered(_ count: Int, on stream: DeviceStreamID, now: Instant) {
        guard case .bound(let slot) = streams[stream]?.state else { return }
        for _ in 0..<count {
            guard let delivery = devices[slot].onWire.popFirst() else { break }
            switch delivery {
            case .message(let message, _): wasDelivered(message, on: stream, now: now)
            case .deletion(let notice, _): pipeline.tell(notice, now: now)
            }
        }
        deliverNext(to: slot, now: now)
    }

    private mutating func wasDelivered(
        _ message: DownstreamMessage, on stream: DeviceStreamID, now: Instant
    ) {
        effects.counters.delivered += 1
        effects.tell(.downstream(message, .settled(on: stream)))
        if message.timeToLive > 0 { pipeline.remove(message.key, now: now) }
        if message.wantsReceipt { sendReceipt(for: message, deliveredOn: stream, now: now) }
    }

    // MARK: Mailboxes of devices that are online

    /// A device is online: its mailboxes are looked into.
    mutating func openMailboxes(of slot: DeviceSlot, now: Instant) {
        devices[slot].takesDeliveries = true
        for registration in devices[slot].registrations { openMailbox(of: registration, slot) }
        deliverNext(to: slot, now: now)
    }

    mutating func openMailbox(of registration: Registration, _ slot: DeviceSlot) {
        guard devices[slot].takesDeliveries else { return }
        devices[slot].mailboxes.append(Mailbox(registration: registration))
        onlineDevices[registration.number] = slot
    }

    mutating func closeMailbox(of registration: Registration, _ slot: DeviceSlot) {
        onlineDevices[registration.number] = nil
        devices[slot].mailboxes.removeAll { $0.registration.number == registration.number }
    }

    /// A device is offline: what was on the wire is delivered again the next time.
    mutating func closeMailboxes(of slot: DeviceSlot, after stream: DeviceStreamID) {
        if settings.tellsMessages { tellLost(devices[slot].onWire, with: stream) }
        for mailbox in devices[slot].mailboxes {
            onlineDevices[mailbox.registration.number] = nil
        }
        devices[slot].takesDeliveries = false
        devices[slot].mailboxes = []
        devices[slot].onWire = []
    }

    private mutating func tellLost(_ deliveries: Deque<Delivery>, with stream: DeviceStreamID) {
        for case .message(let message, _) in deliveries {
            effects.tell(
                .downstream(
                    message, message.timeToLive > 0 ? .queuedAgain(after: stream) : .expired))
        }
    }

    /// How far mailboxes are on the wire that the deposits of a batch may concern, asked when the
    /// batch goes to the store: what was on the wire when a request came is out of date by then.
    ///
    /// Whom a message to many is for only the store knows, so that needs all of them.
    ///
    /// - Parameter forgettingSettled: whether every earlier batch is durable. Then a device whose
    ///   wire is empty is listed for the last time: what it confirmed is removed by this batch.
    mutating func sequencesOnWire(
        for changes: DownstreamChanges, forgettingSettled: Bool
    ) -> [Int64: Int64] {
        var sequences: [Int64: Int64] = [:]
        for message in changes.deposits {
            let number = message.key.registration
            guard let slot = onlineDevices[number],
                let index = devices[slot].indexOfMailbox(number)
            else { continue }
            sequences[number] = devices[slot].mailboxes[index].lastDelivered
        }
        guard !changes.topicDeposits.isEmpty else { return sequences }
        for slot in devices.withDeliveries {
            for mailbox in devices[slot].mailboxes {
                sequences[mailbox.registration.number] = mailbox.lastDelivered
            }
        }
        if forgettingSettled { devices.forgetEmptyWires() }
        return sequences
    }

    /// A deposit changed a mailbox: its device gets the message now, if it is online.
    mutating func mailboxChanged(
        _ message: DownstreamMessage, _ result: DepositResult, now: Instant
    ) {
        tellDropped(by: message, result)
        guard let slot = onlineDevices[message.registration.number],
            let index = devices[slot].indexOfMailbox(message.key.registration)
        else { return }
        devices[slot].mailboxes[index].drop(result.dropped)
        switch result {
        case .stored: devices[slot].mailboxes[index].append(message)
        // The notice is read like a message.
        case .overflowed: devices[slot].mailboxes[index].hasMore = true
        case .unregistered: break
        }
        deliverNext(to: slot, now: now)
    }

    private mutating func tellDropped(by message: DownstreamMessage, _ result: DepositResult) {
        switch result {
        case .stored(let dropped) where !dropped.isEmpty:
            effects.tell(.dropped(dropped, .collapsed, by: message))
        case .overflowed(let dropped, _):
            effects.tell(.dropped(dropped, .overflowed, by: message))
        case .stored, .unregistered:
            break
        }
    }

    /// Messages to a topic were put into mailboxes; nil: into more than are listed. Those of devices
    /// that are online are looked into.
    mutating func mailboxesChanged(_ registrations: [Int64]?, now: Instant) {
        if let registrations {
            for number in registrations {
                guard let slot = onlineDevices[number] else { continue }
                lookAgain(slot, now: now)
            }
        } else {
            for slot in devices.slotsInUse { lookAgain(slot, now: now) }
        }
    }

    private mutating func lookAgain(_ slot: DeviceSlot, now: Instant) {
        for index in devices[slot].mailboxes.indices {
            devices[slot].mailboxes[index].readAgain()
        }
        deliverNext(to: slot, now: now)
    }

    /// The store answered a read of a mailbox.
    mutating func mailboxRead(
        _ content: MailboxContent, for wanted: WantedMailbox, confirmed: ConfirmedDeliveries,
        now: Instant
    ) {
        guard case .bound(let slot) = streams[wanted.stream]?.state,
            let index = devices[slot].indexOfMailbox(wanted.read.registration)
        else { return }
        let notice = devices[slot].mailboxes[index].news(in: content.deletion, confirmed: confirmed)
        devices[slot].mailboxes[index].notice = notice
        devices[slot].mailboxes[index].take(
            content.messages, limit: wanted.read.limit, confirmed: confirmed)
        deliverNext(to: slot, now: now)
    }

    // MARK: On the wire

    /// TTL 0: delivered now, or dropped.
    mutating func deliverOrDrop(_ message: DownstreamMessage) {
        guard let slot = onlineDevices[message.registration.number], !devices[slot].isWireFull
        else {
            effects.counters.deliveriesExpired += 1
            effects.tell(.downstream(message, .expired))
            return
        }
        deliver(message, to: slot)
    }

    /// Puts on the wire what there is room for: the device's apps take turns.
    ///
    /// Not while the store decides what becomes of mailboxes: it takes what was not on the wire when
    /// it was asked for waiting, and may drop it.
    private mutating func deliverNext(to slot: DeviceSlot, now: Instant) {
        guard devices[slot].stream != nil else { return }
        guard !pipeline.isDepositing else { return devices.stall(slot) }
        while !devices[slot].isWireFull, let index = devices[slot].takeTurn() {
            deliverOne(of: index, to: slot, now: now)
        }
        for index in devices[slot].mailboxes.indices { readMore(slot, index) }
    }

    /// The store has decided: what waited for that goes on the wire.
    mutating func deliverStalled(now: Instant) {
        for slot in devices.takeStalled() { deliverNext(to: slot, now: now) }
    }

    private mutating func deliverOne(of index: Int, to slot: DeviceSlot, now: Instant) {
        if let notice = devices[slot].mailboxes[index].notice.take() {
            devices[slot].mailboxes[index].toldDeletions = notice.through
            deliver(.deletion(notice, of: devices[slot].mailboxes[index].registration), to: slot)
        } else if let message = devices[slot].mailboxes[index].ready.popFirst() {
            devices[slot].mailboxes[index].lastDelivered = message.key.sequence
            if message.expiry > now { deliver(message, to: slot) }
        }
    }

    private mutating func deliver(_ message: DownstreamMessage, to slot: DeviceSlot) {
        deliver(
            .message(message, from: senders[Int(message.sender.rawValue)].id), to: slot)
    }

    private mutating func deliver(_ delivery: Delivery, to slot: DeviceSlot) {
        guard let stream = devices[slot].stream else { return }
        devices.putOnWire(delivery, of: slot)
        effects.counters.deliveries += 1
        effects.actions.append(.deliver(delivery, on: stream))
    }

    /// With a full wire a little is read ahead, so that each app has something for its turn.
    private mutating func readMore(_ slot: DeviceSlot, _ index: Int) {
        guard let stream = devices[slot].stream, devices[slot].mailboxes[index].wantsRead
        else { return }
        devices[slot].mailboxes[index].isReading = true
        let mailbox = devices[slot].mailboxes[index]
        let read = MailboxRead(
            registration: mailbox.registration.number, after: mailbox.lastKnown,
            limit: devices[slot].isWireFull ? Limits.mailboxReadAhead : Limits.mailboxReadBatch)
        pipeline.next.batch.mailboxReads.append(read)
        pipeline.next.questions.mailboxes.append(WantedMailbox(read: read, stream: stream))
    }
}
