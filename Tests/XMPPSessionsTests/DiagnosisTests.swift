import CloudMessaging
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

@Suite("Sentences about broken rules")
struct DiagnosisTests {
    struct Sentence: Sendable, CustomTestStringConvertible {
        let diagnosis: Diagnosis
        let text: String

        var testDescription: String { text }

        init(_ diagnosis: Diagnosis, _ text: String) {
            self.diagnosis = diagnosis
            self.text = text
        }

        static func ack(_ fault: AcknowledgementFault, _ text: String) -> Sentence {
            let pair = MessagePair(
                token: RegistrationToken("dK3vQ0p1ZxA:APA91bDemoTokenAAAA"),
                id: MessageID("d-9")!)
            return Sentence(.acknowledgement(pair, fault), text)
        }

        static func refused(_ refusal: LoginRefusal, _ text: String) -> Sentence {
            Sentence(.login(.refused(SenderID("4711")!, refusal)), "login refused: " + text)
        }
    }

    static let sentences: [Sentence] = [
        Sentence(
            .request(
                MessageID("d-9")!, to: "dK3vQ0p1ZxA:APA91bDemoTokenAAAA", .badRegistration,
                "Invalid token on 'to' field: dK3vQ0p1ZxA:APA91bDemoTokenAAAA"),
            "message \"d-9\" refused (BAD_REGISTRATION): Invalid token on 'to' field: \"dK3v…\"; "
                + "use a token that an app got by registering with this sender ID, all of it"),
        .ack(
            .wrongConnection(carrier: ConnectionID(3)),
            "ACK on the wrong connection: #3 carries message \"d-9\"; an ACK counts only on the "
                + "connection that the message came on"),
        .ack(
            .tooLate,
            "ACK too late: message \"d-9\" is about to be sent again, as its connection was lost; "
                + "ACK what comes then"),
        .ack(
            .wrongAddressee(expected: RegistrationToken("WKJ-joJiYf7:APA91bWrongTokenBBBB")),
            "ACK with a wrong \"to\": message \"d-9\" came from \"WKJ-…\", the ACK names "
                + "\"dK3v…\"; \"to\" repeats the message's \"from\""),
        .ack(
            .strippedPrefix(expected: MessageID("dr2:d-9")!),
            "ACK without the prefix of a receipt: the receipt's message_id is \"dr2:d-9\", the ACK "
                + "names \"d-9\"; repeat all of it"),
        .ack(
            .ofAnswer,
            "ACK of an answer: \"d-9\" is a message that this connection sent down, and the "
                + "service's ack or nack of it needs no ACK"),
        .ack(
            .unknownMessage,
            "ACK for a message that this connection did not carry: \"d-9\" was ACKed before, has "
                + "expired, or was never sent here; ACK each delivery once, with \"to\" and "
                + "\"message_id\" as in the message"),
        Sentence(
            .messageType("Ack"),
            "message_type \"Ack\" is unknown, so the frame was taken for a downstream request; did "
                + "you mean \"ack\"?"),
        Sentence(
            .messageType("akc"),
            "message_type \"akc\" is unknown, so the frame was taken for a downstream request; did "
                + "you mean \"ack\"?"),
        Sentence(
            .messageType("hello"),
            "message_type \"hello\" is unknown, so the frame was taken for a downstream request; "
                + "an ACK has \"ack\""),
        Sentence(
            .messageType("nack"),
            "message_type \"nack\" is unknown, so the frame was taken for a downstream request; an "
                + "app server ACKs every message, even one that it cannot use"),
        Sentence(
            .messageType("receipt"),
            "message_type \"receipt\" is unknown, so the frame was taken for a downstream request; "
                + "only the service sends that type"),
        Sentence(
            .login(.noSenderID("my-project")),
            "login refused: \"my-project\" is no sender ID: log in as SENDER_ID or "
                + "SENDER_ID@gcm.googleapis.com, the project's number and not its name"),
        Sentence(
            .login(.authorizationID("4712")),
            "login refused: the authorization ID of PLAIN is \"4712\"; it must be empty"),
        Sentence(
            .login(.mechanism("X-OAUTH2")),
            "login refused: mechanism \"X-OAUTH2\" is not served; use PLAIN"),
        Sentence(
            .login(.unreadable(.notBase64)),
            "login refused: the text of <auth/> is not Base64"),
        Sentence(
            .login(.noDeviceID("phone")),
            "login refused: \"phone\" is no device ID: check in first"),
        Sentence(
            .login(.unknownDevice),
            "login refused: unknown device or wrong security token; check in anew"),
        .refused(
            .unknownSender,
            "sender ID \"4711\" is not among the projects; log in as one of those, or add "
                + "--project SENDER_ID:API_KEY"),
        .refused(
            .exchanged,
            "sender ID and API key are exchanged: the user is the sender ID, the password the key"),
        .refused(.wrongKey, "wrong API key for sender ID 4711; compare it with --project"),
        .refused(
            .keyWithBlanks, "wrong API key for sender ID 4711: there are blanks around it"),
        .refused(
            .keyOf(SenderID("4712")!),
            "wrong API key for sender ID 4711: it is that of sender ID 4712"),
        Sentence(
            .stream(StreamFault(.invalidXML, "not-well-formed: unescaped < at byte 48")),
            "invalid-xml: not-well-formed: unescaped < at byte 48"),
        Sentence(
            .frame("the ACK has no \"to\"", answer: .badAcknowledgement), "the ACK has no \"to\""),
    ]

    @Test("Every sentence says what came and what was expected", arguments: sentences)
    func sentence(sentence: Sentence) {
        #expect(sentence.diagnosis.description == sentence.text)
    }
}
