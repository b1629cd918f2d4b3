package import CloudMessaging

/// The life of a registration after its first token (protocol sheet §5).
extension RelayMachine {
    /// An app asks for something else than a registration.
    package mutating func appRequested(
        _ appRequest: AppRequest, of category: Category, request: String,
        on stream: DeviceStreamID
    ) {
        guard case .bound(let slot) = streams[stream]?.state else { return }
        guard
            let registration = devices[slot].registrations.first(where: { $0.category == category })
        else {
            // What is gone needs no unregistering.
            let answer =
                appRequest == .unregister
                ? AppRequest.Answer.done
                : .refused(
                    .invalidParameters, reason: "\(category) is not registered on this device")
            return effects.actions.append(.appRequestAnswered(answer, request: request, on: stream))
        }
        switch appRequest {
        case .unregister:
            end(registration, .unregistered, request, slot, stream)
        case .refreshToken:
            let refreshed = registration.copy(token: newToken())
            devices[slot].replace(refreshed)
            formerTokens.replace(registration.token, by: refreshed.token)
            pipeline.next.batch.supersededTokens.append(
                SupersededToken(token: registration.token, registration: registration.number))
            change(refreshed, .refreshed, request, slot, stream)
        case .subscribe(let topic):
            subscribe(registration, to: topic, true, request, slot, stream)
        case .unsubscribe(let topic):
            subscribe(registration, to: topic, false, request, slot, stream)
        case .joinGroup(let name, let sender):
            let kind = GroupChange.Kind.join(newKey: newNotificationKey())
            changeGroup(name, of: sender, kind, registration, request, slot, stream)
        case .leaveGroup(let name, let sender):
            changeGroup(name, of: sender, .leave, registration, request, slot, stream)
        }
    }

    /// A device refused a delivery: the app was uninstalled without a word. From now on requests to
    /// it are refused, and what waits for it is dropped.
    package mutating func appIsGone(_ category: Category, on stream: DeviceStreamID) {
        guard case .bound(let slot) = streams[stream]?.state,
            let registration = devices[slot].registrations.first(where: { $0.category == category })
        else { return }
        end(registration, .uninstalled, "", slot, stream)
    }

    private mutating func end(
        _ registration: Registration, _ change: PendingRegistration.Change, _ request: String,
        _ slot: DeviceSlot, _ stream: DeviceStreamID
    ) {
        devices[slot].registrations.removeAll { $0.number == registration.number }
        closeMailbox(of: registration, slot)
        self.change(registration.copy(isActive: false), change, request, slot, stream)
    }

    private mutating func change(
        _ registration: Registration, _ change: PendingRegistration.Change, _ request: String,
        _ slot: DeviceSlot, _ stream: DeviceStreamID
    ) {
        devices[slot].routes.removeAll()
        pipeline.next.batch.registrations.append(registration)
        wait(for: registration, change, request, slot, stream)
    }

    private mutating func subscribe(
        _ registration: Registration, to topic: TopicName, _ isSubscribed: Bool,
        _ request: String, _ slot: DeviceSlot, _ stream: DeviceStreamID
    ) {
        pipeline.next.batch.downstream.subscriptions.append(
            TopicSubscription(
                topic: topic.text, registration: registration.number, isSubscribed: isSubscribed))
        wait(for: registration, .subscription, request, slot, stream)
    }

    private mutating func wait(
        for registration: Registration, _ change: PendingRegistration.Change, _ request: String,
        _ slot: DeviceSlot, _ stream: DeviceStreamID
    ) {
        devices[slot].pendingRegistrations += 1
        pipeline.next.registrations.append(
            PendingRegistration(
                change: change, stream: stream, request: request, registration: registration))
    }

    /// The registry has made a change durable: whoever asked is told.
    mutating func registryChanged(_ pending: PendingRegistration) {
        let registration = pending.registration
        if let slot = devices.slot(of: registration.device) {
            devices[slot].pendingRegistrations -= 1
            devices.forgetIfIdle(slot)
        }
        let record = TokenRecord.registration(registration)
        var answer = AppRequest.Answer.done
        switch pending.change {
        case .registered(let isChanged):
            if isChanged { tokens.forgetAll() }
            tokens.insert(record, for: registration.token)
        case .unregistered, .uninstalled:
            tokens.forgetAll()
            tokens.insert(record, for: registration.token)
        case .refreshed:
            tokens.forgetAll()
            tokens.insert(record, for: registration.token)
            answer = .refreshed(AppRegistration(registration))
        case .subscription:
            break
        }
        guard streams[pending.stream] != nil else { return }
        switch pending.change {
        case .uninstalled:
            break
        case .registered:
            effects.actions.append(
                .registered(
                    AppRegistration(registration), request: pending.request, on: pending.stream))
        case .refreshed, .unregistered, .subscription:
            effects.actions.append(
                .appRequestAnswered(answer, request: pending.request, on: pending.stream))
        }
    }
}

extension Registration {
    fileprivate func copy(token: RegistrationToken? = nil, isActive: Bool = true) -> Registration {
        Registration(
            number: number, device: device, category: category, token: token ?? self.token,
            senders: senders, isActive: isActive)
    }
}

extension Device {
    /// A registration has changed: what comes now is under its new token.
    mutating func replace(_ registration: Registration) {
        guard let index = registrations.firstIndex(where: { $0.number == registration.number })
        else { return }
        registrations[index] = registration
        if let mailbox = indexOfMailbox(registration.number) {
            mailboxes[mailbox].registration = registration
        }
    }
}

extension AppRegistration {
    init(_ registration: Registration) {
        self.init(
            category: registration.category, token: registration.token,
            senders: registration.senders)
    }
}
