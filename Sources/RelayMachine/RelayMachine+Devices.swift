package import CloudMessaging

extension RelayMachine {
    /// A device opened a stream.
    package mutating func streamOpened(_ id: DeviceStreamID) {
        streams[id] = DeviceStream()
        if isShuttingDown { effects.actions.append(.closeStream(id, .shutdown)) }
    }

    /// A device's stream is gone; its uploads on their way are stored all the same.
    package mutating func streamClosed(_ id: DeviceStreamID) {
        switch streams.removeValue(forKey: id)?.state {
        case .bound(let slot):
            devices[slot].stream = nil
            closeMailboxes(of: slot, after: id)
            boundDevices -= 1
            devices.forgetIfIdle(slot)
        case .authenticated(let slot):
            devices[slot].logins -= 1
            devices.forgetIfIdle(slot)
        case .connected, nil:
            break
        }
    }

    /// A device without an identity asks for one.
    package mutating func checkIn(on stream: DeviceStreamID) {
        let id = DeviceID(Int64(effects.entropy.next() >> 2) | 1 << 61)
        let securityToken = effects.entropy.nextBase64URL(count: 22)
        let identity = DeviceIdentity(id: id, securityToken: securityToken)
        pipeline.next.batch.newDevices.append(
            DeviceRecord(id: id, secretHash: hash(securityToken)))
        pipeline.next.checkIns.append(PendingCheckIn(stream: stream, identity: identity))
    }

    /// A device logs in.
    package mutating func authenticate(
        _ device: DeviceID, securityToken: String, on stream: DeviceStreamID
    ) {
        let login = PendingLogin(
            stream: stream, device: device, secretHash: hash(securityToken))
        if devices.slot(of: device) != nil {
            answer(login)
        } else {
            pipeline.next.batch.deviceLoads.append(device)
            pipeline.next.questions.logins.append(login)
        }
    }

    /// A device bound its stream: an earlier one of the same device is replaced.
    package mutating func deviceBound(on stream: DeviceStreamID) {
        guard case .authenticated(let slot) = streams[stream]?.state else { return }
        streams[stream]?.state = .bound(slot)
        devices[slot].logins -= 1
        if let earlier = devices[slot].stream {
            streams[earlier]?.state = .connected
            closeMailboxes(of: slot, after: earlier)
            effects.actions.append(.closeStream(earlier, .replaced))
        } else {
            boundDevices += 1
        }
        devices[slot].stream = stream
    }

    /// A device acknowledges stanzas from now on: it gets what is in its mailboxes.
    package mutating func deviceReady(on stream: DeviceStreamID, now: Instant) {
        guard case .bound(let slot) = streams[stream]?.state else { return }
        openMailboxes(of: slot, now: now)
    }

    /// An app on a device registers with senders: once more with others adds those.
    package mutating func register(
        _ category: Category, senders: [SenderID], request: String, on stream: DeviceStreamID
    ) {
        guard case .bound(let slot) = streams[stream]?.state else { return }
        let device = devices[slot]
        let existing = device.registrations.first { $0.category == category }
        var all = existing?.senders ?? []
        for sender in senders where !all.contains(sender) { all.append(sender) }
        let isKnown = existing != nil
        let isChanged = isKnown && existing?.senders.count != all.count
        if let reason = Self.refusal(senders: all.count, isKnown: isKnown, on: device) {
            return effects.actions.append(
                .registrationRefused(
                    .invalidParameters, reason: reason, request: request, on: stream))
        }
        for sender in all { _ = senderNumber(of: sender) }
        let registration = Registration(
            number: existing?.number ?? takeRegistrationNumber(), device: device.id,
            category: category, token: existing?.token ?? newToken(), senders: all)
        devices[slot].registrations.removeAll { $0.number == registration.number }
        devices[slot].registrations.append(registration)
        if existing == nil { openMailbox(of: registration, slot) }
        devices[slot].routes.removeAll()
        devices[slot].pendingRegistrations += 1
        pipeline.next.batch.registrations.append(registration)
        pipeline.next.registrations.append(
            PendingRegistration(
                change: .registered(isChanged: isChanged), stream: stream, request: request,
                registration: registration))
    }

    /// Why an app cannot be registered; nil: it can.
    private static func refusal(senders: Int, isKnown: Bool, on device: Device) -> String? {
        if senders == 0 { return "an app needs at least one sender" }
        if senders > Limits.sendersPerRegistration {
            return "an app would have \(senders) senders; at most "
                + "\(Limits.sendersPerRegistration) are allowed"
        }
        if !isKnown, device.registrations.count >= Limits.registrationsPerDevice {
            return "the device has \(Limits.registrationsPerDevice) apps, as many as it may"
        }
        return nil
    }

    // MARK: Answers of the registry

    /// The registry answered a login.
    mutating func deviceLoaded(_ record: DeviceRecord?, for login: PendingLogin) {
        if let record, devices.slot(of: record.id) == nil { devices.insert(Device(record)) }
        answer(login)
        if let slot = devices.slot(of: login.device) { devices.forgetIfIdle(slot) }
    }

    private mutating func answer(_ login: PendingLogin) {
        guard streams[login.stream] != nil else { return }
        if let slot = devices.slot(of: login.device),
            devices[slot].secretHash == login.secretHash
        {
            streams[login.stream]?.state = .authenticated(slot)
            devices[slot].logins += 1
            effects.actions.append(.authenticated(login.device, on: login.stream))
        } else {
            effects.actions.append(.authenticationRefused(on: login.stream))
        }
    }

    // MARK: Helpers

    private mutating func takeRegistrationNumber() -> Int64 {
        defer { nextRegistration += 1 }
        return nextRegistration
    }

    /// 152 characters in the form of the real tokens (protocol sheet §5).
    mutating func newToken() -> RegistrationToken {
        let instance = effects.entropy.nextBase64URL(count: 11)
        return RegistrationToken(
            instance + ":APA91b" + effects.entropy.nextBase64URL(count: 134))
    }
}
