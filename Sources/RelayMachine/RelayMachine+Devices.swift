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
        case .bound(let device) where devices[device]?.stream == id:
            devices[device]?.stream = nil
            boundDevices -= 1
            forgetIfIdle(device)
        case .authenticated(let device):
            devices[device]?.logins -= 1
            forgetIfIdle(device)
        case .bound, .connected, nil:
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
        if devices[device] != nil {
            answer(login)
        } else {
            pipeline.next.batch.deviceLoads.append(device)
            pipeline.next.logins.append(login)
        }
    }

    /// A device bound its stream: an earlier one of the same device is replaced.
    package mutating func deviceBound(on stream: DeviceStreamID) {
        guard case .authenticated(let device) = streams[stream]?.state else { return }
        streams[stream]?.state = .bound(device)
        devices[device]?.logins -= 1
        if let earlier = devices[device]?.stream {
            streams[earlier]?.state = .connected
            effects.actions.append(.closeStream(earlier, .replaced))
        } else {
            boundDevices += 1
        }
        devices[device]?.stream = stream
    }

    /// An app on a device registers with senders: once more with others adds those.
    package mutating func register(
        _ category: Category, senders: [SenderID], request: String, on stream: DeviceStreamID
    ) {
        guard let device = boundDevice(of: stream) else { return }
        let existing = device.registrations.first { $0.category == category }
        var all = existing?.senders ?? []
        for sender in senders where !all.contains(sender) { all.append(sender) }
        let isKnown = existing != nil
        guard !all.isEmpty, all.count <= Limits.sendersPerRegistration,
            isKnown || device.registrations.count < Limits.registrationsPerDevice
        else {
            return effects.actions.append(
                .registrationRefused(.invalidParameters, request: request, on: stream))
        }
        for sender in all { _ = senderNumber(of: sender) }
        let registration = Registration(
            number: existing?.number ?? takeRegistrationNumber(), device: device.id,
            category: category, token: existing?.token ?? newToken(), senders: all)
        devices[device.id]?.registrations.removeAll { $0.number == registration.number }
        devices[device.id]?.registrations.append(registration)
        devices[device.id]?.routes.removeAll()
        devices[device.id]?.pendingRegistrations += 1
        pipeline.next.batch.registrations.append(registration)
        pipeline.next.registrations.append(
            PendingRegistration(stream: stream, request: request, registration: registration))
    }

    // MARK: Answers of the registry

    /// The registry answered a login.
    mutating func deviceLoaded(_ record: DeviceRecord?, for login: PendingLogin) {
        if let record, devices[login.device] == nil { devices[login.device] = Device(record) }
        answer(login)
        forgetIfIdle(login.device)
    }

    private mutating func answer(_ login: PendingLogin) {
        guard streams[login.stream] != nil else { return }
        if let device = devices[login.device], device.secretHash == login.secretHash {
            streams[login.stream]?.state = .authenticated(login.device)
            devices[login.device]?.logins += 1
            effects.actions.append(.authenticated(login.device, on: login.stream))
        } else {
            effects.actions.append(.authenticationRefused(on: login.stream))
        }
    }

    // MARK: Helpers

    /// The device that a stream is bound to.
    func boundDevice(of stream: DeviceStreamID) -> Device? {
        guard case .bound(let device) = streams[stream]?.state else { return nil }
        return devices[device]
    }

    /// A device that is offline, with nothing on its way, is read from the registry next time.
    mutating func forgetIfIdle(_ id: DeviceID) {
        guard let device = devices[id], device.stream == nil, device.logins == 0,
            !device.uploads.hasPending, device.pendingRegistrations == 0
        else { return }
        devices[id] = nil
    }

    private mutating func takeRegistrationNumber() -> Int64 {
        defer { nextRegistration += 1 }
        return nextRegistration
    }

    /// 152 characters in the form of the real tokens (protocol sheet §5).
    private mutating func newToken() -> RegistrationToken {
        let instance = effects.entropy.nextBase64URL(count: 11)
        return RegistrationToken(
            instance + ":APA91b" + effects.entropy.nextBase64URL(count: 134))
    }
}
