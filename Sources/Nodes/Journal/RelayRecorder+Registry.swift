package import CloudMessaging
import Journal
package import RelayMachine

/// What apps ask of the registry, and its answers.
extension RelayRecorder {
    func registry(_ stanza: RelayStanza) {
        switch stanza {
        case .checkIn(let id):
            let number = record(
                .deviceRequest, by: name(of: id), connection: id.rawValue,
                detail: JournalEvent.Detail(deed: "check-in"))
            devices[id]?.checkIn = number
        case .registration(let category, let senders, let request, let id):
            asked(
                "register", done: "registered", category, request, id,
                sender: senders.count == 1 ? senders[0] : nil)
        case .appRequest(let appRequest, let category, let request, let id):
            let (deed, done) = appRequest.deeds
            asked(deed, done: done, category, request, id, sender: appRequest.sender)
        case .registered(let registration, let request, let id):
            answered(request, id, token: registration.token)
        case .registrationRefused(let error, let reason, let request, let id):
            answered(request, id, error: error, reason: reason)
        case .appRequestAnswered(let answer, let request, let id):
            answered(answer, request, id)
        default:
            break
        }
    }

    package func checkedIn(_ device: DeviceID, _ id: DeviceStreamID) {
        record(
            .deviceAnswer, connection: id.rawValue, cause: devices[id]?.checkIn,
            detail: JournalEvent.Detail(deed: "checked-in"))
    }

    private func asked(
        _ deed: String, done: String, _ category: Category, _ request: String,
        _ id: DeviceStreamID, sender: SenderID?
    ) {
        let number = record(
            .deviceRequest, by: name(of: id),
            about: .named(JournalEvent.Names(category: category)), sender: sender,
            connection: id.rawValue, detail: JournalEvent.Detail(deed: deed))
        devices[id]?.requests.append(
            DevicePeer.RequestEvent(number: number, category: category, done: done), for: request)
    }

    private func answered(
        _ answer: AppRequest.Answer, _ request: String, _ id: DeviceStreamID
    ) {
        switch answer {
        case .done, .joined: answered(request, id)
        case .refreshed(let registration): answered(request, id, token: registration.token)
        case .refused(let error, let reason):
            answered(request, id, error: error, reason: reason)
        }
    }

    private func answered(
        _ request: String, _ id: DeviceStreamID, token: RegistrationToken? = nil,
        error: UpstreamError? = nil, reason: String? = nil
    ) {
        let asked = devices[id]?.requests.remove(request)
        let names = JournalEvent.Names(from: token, category: asked?.category)
        record(
            .deviceAnswer, about: .named(names), connection: id.rawValue, cause: asked?.number,
            detail: JournalEvent.Detail(
                error: error?.androidName, deed: error == nil ? asked?.done : "refused",
                reason: reason))
    }
}

extension AppRequest {
    /// What is asked, and what is answered when it is done.
    fileprivate var deeds: (request: String, answer: String) {
        switch self {
        case .unregister: ("unregister", "unregistered")
        case .refreshToken: ("refresh-token", "token-refreshed")
        case .subscribe: ("subscribe", "subscribed")
        case .unsubscribe: ("unsubscribe", "unsubscribed")
        case .joinGroup: ("join-group", "joined-group")
        case .leaveGroup: ("leave-group", "left-group")
        }
    }

    /// The sender that it concerns, if it is one.
    fileprivate var sender: SenderID? {
        switch self {
        case .unregister, .refreshToken, .subscribe, .unsubscribe: nil
        case .joinGroup(_, let sender), .leaveGroup(_, let sender): sender
        }
    }
}
