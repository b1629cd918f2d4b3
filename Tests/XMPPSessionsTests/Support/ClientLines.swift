import CloudMessaging
import XMPP

@testable import XMPPSessions

extension AppServerSession.Event {
    /// A line for the log of a test.
    var line: String {
        switch self {
        case .bound(let jid): "bound \(jid)"
        case .upstream(let frame):
            "upstream \(frame.pair.token) \(frame.pair.id) \(frame.category ?? "-") "
                + "\(String(decoding: frame.data.json, as: UTF8.self)) "
                + (frame.timeToLive.map(String.init) ?? "-")
        case .draining: "draining"
        case .refused(let error, let description): "refused \(error): \(description)"
        case .loginRefused(let failure): "login refused: \(failure.condition.rawValue)"
        case .failed(let fault): "failed \(fault)"
        case .ended(nil): "ended"
        case .ended(let error?): "ended: \(error.condition.rawValue) \(error.text ?? "")"
        }
    }
}

extension DeviceSession.Event {
    /// A line for the log of a test.
    var line: String {
        switch self {
        case .opened: "opened"
        case .checkedIn(let identity): "checked in \(identity.id) \(identity.securityToken)"
        case .identityUnknown: "identity unknown"
        case .ready: "ready"
        case .registered(let registration):
            "registered \(registration.category) \(registration.token) "
                + "\(registration.senders.map(\.text))"
        case .registrationRefused(let category, let error):
            "registration refused \(category) \(error)"
        case .taken(let count): "taken \(count)"
        case .refused(let id, let error): "refused \(id) \(error)"
        case .replaced: "replaced"
        case .failed(let fault): "failed \(fault)"
        case .ended(nil): "ended"
        case .ended(let error?): "ended: \(error.condition.rawValue) \(error.text ?? "")"
        }
    }
}

/// An app server, ready to hear.
struct AppServer: Door {
    var session: AppServerSession
    /// ACKs what comes, at once.
    var acknowledges = true

    init() throws {
        session = AppServerSession(sender: try SenderID(Sample.sender).orThrow(), key: Sample.key)
        session.start()
    }

    mutating func handle(_ event: AppServerSession.Event) -> String {
        if case .upstream(let frame) = event, acknowledges { session.acknowledge(frame.pair) }
        return event.line
    }
}

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
