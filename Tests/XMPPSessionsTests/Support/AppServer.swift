import CloudMessaging
import XMPP

@testable import XMPPSessions

/// An app server, ready to hear.
struct AppServer: Door {
    var session: AppServerSession
    /// ACKs what comes, at once.
    var acknowledges = true

    init() throws {
        session = AppServerSession(sender: try SenderID(Sample.sender).orThrow(), key: Sample.key)
        session.start()
    }

    /// An app server whose resource is bound.
    static func bound() throws -> AppServer {
        var server = try AppServer()
        var door = AppServerDoor()
        // The handshake, over and over until nobody has anything to say.
        while true {
            let up = server.session.takeOutput()
            _ = door.hear(up)
            let down = door.session.takeOutput()
            _ = server.hear(down)
            if up.isEmpty, down.isEmpty { return server }
        }
    }

    mutating func handle(_ event: AppServerSession.Event) -> String {
        if case .upstream(let frame) = event, acknowledges { session.acknowledge(frame.pair) }
        return event.line
    }
}

extension AppServerSession.Event {
    /// A line for the log of a test.
    var line: String {
        switch self {
        case .bound(let jid): "bound \(jid)"
        case .upstream(let frame):
            "upstream \(frame.pair.token) \(frame.pair.id) \(frame.category ?? "-") "
                + "\(String(decoding: frame.data.json, as: UTF8.self)) "
                + (frame.timeToLive.map(String.init) ?? "-")
        case .answer(let frame): frame.line
        case .receipt(let frame):
            "receipt \(frame.messageID) from \(frame.from): \(frame.originalMessageID) "
                + "\(frame.status ?? "-") \(frame.registrationID ?? "-") "
                + "\(frame.sentTimestamp.map(String.init) ?? "-") \(frame.category ?? "-")"
        case .draining: "draining"
        case .refused(let error, let description): "refused \(error): \(description)"
        case .loginRefused(let failure): "login refused: \(failure.condition.rawValue)"
        case .failed(let fault): "failed \(fault)"
        case .ended(nil): "ended"
        case .ended(let error?): "ended: \(error.condition.rawValue) \(error.text ?? "")"
        }
    }
}

extension AppServerSession.AnswerFrame {
    fileprivate var line: String {
        let verdict =
            switch verdict {
            case .ack(let registrationID): "ack, now \(registrationID ?? "-")"
            case .nack(let error, let description): "nack \(error): \(description)"
            case .stanzaError(let error):
                "stanza error \(error.condition.rawValue): \(error.text ?? "")"
            }
        let failed =
            failedRegistrationIDs.isEmpty ? "" : ", failed \(failedRegistrationIDs)"
        return "answer \(from ?? "-") \(messageID ?? "-") \(verdict)\(failed)"
    }
}
