import CloudMessaging
import XMPP

@testable import XMPPSessions

/// A device, ready to hear: it checks in if it must, then logs in.
struct Device: Door {
    var session = DeviceSession()
    private var identity: DeviceIdentity?

    init(identity: DeviceIdentity? = nil) {
        self.identity = identity
        session.start()
    }

    mutating func handle(_ event: DeviceSession.Event) -> String {
        switch event {
        case .opened:
            if let identity {
                session.authenticate(identity)
            } else {
                session.checkIn()
            }
        case .checkedIn(let identity):
            session.authenticate(identity)
        default:
            break
        }
        return event.line
    }
}

extension DeviceSession.Event {
    /// A line for the log of a test.
    var line: String {
        switch self {
        case .opened: "opened"
        case .checkedIn(let identity): "checked in \(identity.id) \(identity.securityToken)"
        case .identityUnknown(let reason): "identity unknown: \(reason)"
        case .ready: "ready"
        case .registered(let registration):
            "registered \(registration.category) \(registration.token) "
                + "\(registration.senders.map(\.text))"
        case .registrationRefused(let category, let refusal):
            "registration refused \(category) \(refusal)"
        case .answered(let number, let answer): "answered \(number) \(answer)"
        case .taken(let count): "taken \(count)"
        case .refused(let id, let error): "refused \(id) \(error)"
        case .received(let message):
            "received \(message.id) for \(message.category) from \(message.from): "
                + String(decoding: message.data.json, as: UTF8.self)
        case .messagesDeleted(let category, let total): "\(total) messages deleted for \(category)"
        case .unusableDelivery(let reason): "unusable delivery: \(reason)"
        case .replaced: "replaced"
        case .failed(let fault): "failed \(fault)"
        case .ended(nil): "ended"
        case .ended(let error?): "ended: \(error.condition.rawValue) \(error.text ?? "")"
        }
    }
}
