internal import CloudMessaging
internal import DeviceMachine
internal import NetworkRuntime
internal import Nodes

extension AppDirectory {
    /// Tells the apps concerned what happened on their device.
    func tell(_ event: DeviceEvent) {
        switch event {
        case .accepted(let message):
            tell(message.category, .accepted(messageID: message.id.text))
        case .sent(let messages):
            guard let app = messages.first?.category else { return }
            tell(app, .sent(messageIDs: messages.map(\.id.text)))
        case .sendError(let message, let error):
            tell(message.category, .failed(messageID: message.id.text, .upstream(error)))
        case .registered(let registration):
            tell(
                registration.category,
                .registered(
                    token: registration.token.text, senders: registration.senders.map(\.text)))
        case .registrationRefused(let app, let refusal):
            tell(app, .registrationRefused(refusal))
        case .tokenRefreshed(let app): tell(app, .tokenRefreshed)
        case .joinedGroup(let app, let name, let key):
            tell(app, .joinedGroup(name: name.text, notificationKey: key.text))
        case .received(let message): tell(message.category, .received(message))
        case .messagesDeleted(let app, let total): tell(app, .messagesDeleted(total: total))
        case .online: tellAll(.online)
        case .offline: tellAll(.offline(reason: "the connection is gone"))
        case .linkLost(let reason): tellAll(.offline(reason: reason))
        case .storeFailed, .deliveryDropped, .identityRefused: break
        }
    }
}

extension GCMDeviceStatus {
    init?(_ event: DeviceEvent) {
        switch event {
        case .online: self = .online
        case .offline: self = .offline
        case .linkLost(let reason): self = .connectionLost(reason: reason)
        case .storeFailed(let failure): self = .stateFileFailed(reason: failure.description)
        case .registrationRefused(let app, let refusal):
            self = .registrationRefused(app: app.text, reason: refusal.description)
        case .identityRefused(let reason): self = .identityRefused(reason: reason)
        case .deliveryDropped(let reason): self = .messageDropped(reason: reason)
        case .registered, .accepted, .sent, .sendError, .received, .messagesDeleted,
            .tokenRefreshed, .joinedGroup:
            return nil
        }
    }
}
