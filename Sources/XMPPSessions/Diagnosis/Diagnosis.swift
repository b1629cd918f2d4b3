package import CloudMessaging
package import RelayMachine
import XMPP

/// A rule that a peer broke, told in one sentence: what came, and what was expected.
///
/// The sentences stand here and nowhere else, so the log and whatever else tells of them agree.
package enum Diagnosis: Sendable {
    case login(LoginFault)
    /// An ACK settled nothing.
    case acknowledgement(MessagePair, AcknowledgementFault)
    /// A request got a NACK, for this reason.
    case request(MessageID, to: String, DownstreamError, String)
    /// A frame whose `message_type` nobody knows was taken for a request, as the real service did
    /// (google/gcm #239).
    case messageType(String)
    /// A frame that is no good, in the words of whoever read it, and what the NACK says; nil: it
    /// could not be attributed, so a stanza error answers it.
    case frame(String, answer: DownstreamError?)
    case stream(StreamFault)
}

extension Diagnosis: CustomStringConvertible {
    package var description: String {
        switch self {
        case .login(let fault): "login refused: \(fault)"
        case .acknowledgement(let pair, let fault): fault.sentence(about: pair)
        case .request(let id, let addressee, let error, let reason):
            "message \(id.text.quoted) refused (\(error.rawValue)): "
                + reason.replacing(addressee, with: addressee.quotedAsName)
                + (error.advice.map { "; \($0)" } ?? "")
        case .messageType(let type): Self.sentence(aboutType: type)
        case .frame(let problem, _): problem
        case .stream(let fault): fault.description
        }
    }

    private static func sentence(aboutType type: String) -> String {
        let start =
            "message_type \(type.quotedAsName) is unknown, so the frame was taken for a "
            + "downstream request; "
        switch type {
        case "nack":
            return start + "an app server ACKs every message, even one that it cannot use"
        case "receipt", "control":
            return start + "only the service sends that type"
        default:
            return start + (isNearlyACK(type) ? "did you mean \"ack\"?" : "an ACK has \"ack\"")
        }
    }

    /// Whether somebody may have wanted to write `ack`.
    private static func isNearlyACK(_ type: String) -> Bool {
        let letters = Array(type.lowercased().utf8)
        return letters.count <= 5 && "ack".utf8.count { letters.contains($0) } >= 2
    }
}

extension DownstreamError {
    /// What to do, where the reason does not say it.
    fileprivate var advice: String? {
        switch self {
        case .badRegistration:
            "use a token that an app got by registering with this sender ID, all of it"
        case .deviceUnregistered: "forget the token until the app registers again"
        case .deviceMessageRateExceeded, .topicsMessageRateExceeded: "send it again later"
        case .invalidAPNSCredential: "leave out what only Apple's push service does"
        case .invalidJSON, .badAcknowledgement, .serviceUnavailable, .internalServerError,
            .connectionDraining:
            nil
        }
    }
}

extension AcknowledgementFault {
    fileprivate func sentence(about pair: MessagePair) -> String {
        let id = pair.id.text.quoted
        switch self {
        case .wrongConnection(let carrier):
            return "ACK on the wrong connection: \(carrier) carries message \(id); an ACK counts "
                + "only on the connection that the message came on"
        case .tooLate:
            return "ACK too late: message \(id) is about to be sent again, as its connection was "
                + "lost; ACK what comes then"
        case .wrongAddressee(let expected):
            return "ACK with a wrong \"to\": message \(id) came from "
                + "\(expected.text.quotedAsName), the ACK names \(pair.token.text.quotedAsName); "
                + "\"to\" repeats the message's \"from\""
        case .strippedPrefix(let expected):
            return "ACK without the prefix of a receipt: the receipt's message_id is "
                + "\(expected.text.quoted), the ACK names \(id); repeat all of it"
        case .ofAnswer:
            return "ACK of an answer: \(id) is a message that this connection sent down, and the "
                + "service's ack or nack of it needs no ACK"
        case .unknownMessage:
            return "ACK for a message that this connection did not carry: \(id) was ACKed before, "
                + "has expired, or was never sent here; ACK each delivery once, with \"to\" and "
                + "\"message_id\" as in the message"
        }
    }
}

extension LoginFault: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSenderID(let name):
            return "\(name.quotedAsName) is no sender ID: log in as SENDER_ID or "
                + "SENDER_ID@gcm.googleapis.com, the project's number and not its name"
        case .noDeviceID(let name):
            return "\(name.quotedAsName) is no device ID: check in first"
        case .authorizationID(let name):
            return "the authorization ID of PLAIN is \(name.quotedAsName); it must be empty"
        case .mechanism(let name):
            return "mechanism \(name.quotedAsName) is not served; use PLAIN"
        case .unreadable(let error):
            return error.description
        case .unknownDevice:
            return "unknown device or wrong security token; check in anew"
        case .refused(let sender, let refusal):
            return refusal.sentence(about: sender)
        case .onPurpose:
            return "a fault refuses it, whatever the key"
        }
    }
}

extension LoginFault {
    /// The sentence without what the peer said it was: who mixes up user and password says its key.
    package var sentenceWithoutNames: String {
        switch self {
        case .noSenderID: "the user is no sender ID"
        case .noDeviceID: "the user is no device ID"
        case .authorizationID: "the authorization ID of PLAIN must be empty"
        case .mechanism: "the mechanism is not served; use PLAIN"
        case .refused(_, .unknownSender): "the user is not among the projects"
        case .unreadable, .unknownDevice, .refused, .onPurpose: description
        }
    }

    /// The sender, if it surely is one and not the key.
    package var knownSender: SenderID? {
        switch self {
        case .refused(_, .unknownSender), .refused(_, .exchanged): nil
        case .refused(let sender, _), .onPurpose(let sender): sender
        case .noSenderID, .noDeviceID, .authorizationID, .mechanism, .unreadable, .unknownDevice:
            nil
        }
    }
}

extension LoginRefusal {
    fileprivate func sentence(about sender: SenderID) -> String {
        switch self {
        case .unknownSender:
            "sender ID \(sender.text.quotedAsName) is not among the projects; log in as one of "
                + "those, or add --project SENDER_ID:API_KEY"
        case .exchanged:
            "sender ID and API key are exchanged: the user is the sender ID, the password the key"
        case .wrongKey:
            "wrong API key for sender ID \(sender); compare it with --project"
        case .keyWithBlanks:
            "wrong API key for sender ID \(sender): there are blanks around it"
        case .keyOf(let other):
            "wrong API key for sender ID \(sender): it is that of sender ID \(other)"
        }
    }
}
