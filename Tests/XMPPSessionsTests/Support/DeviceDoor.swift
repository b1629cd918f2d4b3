import CloudMessaging
import RelayMachine
import XMPP

@testable import XMPPSessions

/// The relay's door for devices, with a driver that answers logins and leaves uploads to the test.
struct DeviceDoor: Door {
    static let identity = DeviceIdentity(id: DeviceID(4_711), securityToken: "S3CRET")

    var session = RelayDeviceSession(entropy: Entropy(seed: 7))
    var answersLogin = true
    private(set) var uploads: [Upload] = []

    /// A door whose device is bound and gets acknowledgements, with nothing left to be written.
    static func enabled() -> DeviceDoor {
        var door = DeviceDoor()
        door.hear(opening + "<enable xmlns=\"urn:xmpp:sm:3\"/>")
        _ = door.written()
        return door
    }

    /// What a device writes until it is bound.
    static let opening =
        Sample.header() + Sample.auth(user: "4711", password: "S3CRET") + Sample.header()
        + Sample.bind

    /// An upload with some JSON, raw.
    static func upload(
        _ json: String, id: String = "u-1", to: String = "555000111222@gcm.googleapis.com"
    ) -> String {
        "<message id=\"\(id)\" to=\"\(to)\"><gcm xmlns=\"google:mobile:data\">\(json)</gcm>"
            + "</message>"
    }

    /// A good upload.
    static func upload(id: String) -> String {
        upload(#"{"app":"com.example.pigeon","message_id":"41","data":{"k":"v"}}"#, id: id)
    }

    mutating func handle(_ event: RelayDeviceSession.Event) -> String {
        switch event {
        case .checkIn:
            session.answerCheckIn(Self.identity)
            return "check-in"
        case .login(let id, let securityToken):
            if answersLogin {
                if securityToken == Self.identity.securityToken {
                    session.acceptLogin()
                } else {
                    session.refuseLogin()
                }
            }
            return "login \(id) \(securityToken)"
        case .loginRefused(let fault): return "login refused: \(fault)"
        case .bound: return "bound"
        case .ready: return "ready"
        case .delivered(let count): return "delivered \(count)"
        case .register(let category, let senders, let request):
            return "register \(category) for \(senders.map(\.text)) request \(request)"
        case .appRequest(let appRequest, let category, let request):
            return "\(appRequest) of \(category) request \(request)"
        case .appIsGone(let category, _): return "\(category) is gone"
        case .upload(let upload, let ticket):
            uploads.append(upload)
            return "upload \(upload.id) ticket \(ticket)"
        case .unusableUpload(let refusal, let ticket):
            return "unusable \(refusal.id?.text ?? "-") \(refusal.error) ticket \(ticket): "
                + refusal.reason
        case .failed(let fault): return "failed \(fault)"
        case .ended(nil): return "ended"
        case .ended(let error?): return "ended: \(error.condition.rawValue) \(error.text ?? "")"
        }
    }
}
