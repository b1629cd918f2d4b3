import CloudMessaging
import RelayMachine
import XMPP

@testable import XMPPSessions

/// The relay's door for app servers, with a driver that knows one key and leaves requests to
/// the test.
struct AppServerDoor: Door {
    enum LoginPolicy {
        case judge
        /// Whoever looks at the credentials takes his time.
        case wait
    }

    static let seed: UInt64 = 7

    var session: RelayAppServerSession
    var loginPolicy = LoginPolicy.judge
    /// The pairs of all ACKs.
    private(set) var acknowledged: [MessagePair] = []

    init(profile: Profile = .observed) {
        self.init(quirks: profile.quirks)
    }

    init(quirks: WireQuirks) {
        session = RelayAppServerSession(quirks: quirks, entropy: Entropy(seed: Self.seed))
    }

    /// A door whose app server is bound already, with nothing left to be written.
    static func bound(profile: Profile = .observed) -> AppServerDoor {
        .bound(quirks: profile.quirks)
    }

    static func bound(quirks: WireQuirks) -> AppServerDoor {
        var door = AppServerDoor(quirks: quirks)
        door.hear(Sample.header() + Sample.auth() + Sample.header() + Sample.bind)
        _ = door.written()
        return door
    }

    /// What the seed gives a stream that proposes no resource.
    static let drawn: (firstID: String, secondID: String, resource: String) = {
        var entropy = Entropy(seed: seed)
        return (
            entropy.nextHex(count: 16), entropy.nextHex(count: 16), entropy.nextHex(count: 8)
        )
    }()

    static var address: String { "555000111222@gcm.googleapis.com/\(drawn.resource)" }

    mutating func handle(_ event: RelayAppServerSession.Event) -> String {
        switch event {
        case .login(let sender, let key):
            if loginPolicy == .judge {
                if key == Sample.key { session.acceptLogin() } else { session.refuseLogin() }
            }
            return "login \(sender) \(key)"
        case .loginRefused(let fault): return "login refused: \(fault)"
        case .bound(let sender, let jid): return "bound \(sender) \(jid)"
        case .acknowledgement(let pair):
            acknowledged.append(pair)
            return "ack \(pair.token) \(pair.id)"
        case .badAcknowledgement(let reason): return "bad ack: \(reason)"
        case .request(let request, let messageType):
            return "request to \(request.addressee) id \(request.id) type \(messageType ?? "-")"
        case .badRequest(let reason, let messageType):
            return "bad request type \(messageType ?? "-"): \(reason)"
        case .unattributable(let reason): return "unattributable: \(reason)"
        case .failed(let fault): return "failed \(fault)"
        case .ended(nil): return "ended"
        case .ended(let error?): return "ended: \(error.condition.rawValue) \(error.text ?? "")"
        }
    }
}
