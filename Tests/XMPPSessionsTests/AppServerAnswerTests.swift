import CloudMessaging
import RelayMachine
import Testing
import XMPP

@testable import XMPPSessions

@Suite("App-server stream: ACKs and answers")
struct AppServerAnswerTests {
    /// JSON in a `<gcm/>`, what the door makes of it, and the JSON or error that it answers with.
    struct Frame: Sendable, CustomTestStringConvertible {
        let json: String
        let event: String
        var answer = ""

        var testDescription: String { json }
    }

    private static let noTo = #"the ACK has no "to": it must repeat the message's "from""#
    private static let noID =
        #"the ACK has no usable "message_id": it must repeat the message's"#

    private static func badACK(_ members: String, _ reason: String) -> String {
        let reason = reason.replacing("\"", with: "\\\"")
        return "{\"message_type\":\"nack\",\(members)\"error\":\"BAD_ACK\","
            + "\"error_description\":\"\(reason)\"}"
    }

    static let acknowledgements: [Frame] = [
        Frame(json: #"{"to":"t","message_id":"1","message_type":"ack"}"#, event: "ack t 1"),
        Frame(
            json: #"{"message_type":"ack","message_id":"1","to":"t","x":null}"#, event: "ack t 1"),
        // The last of equal names counts, and names may be written with escapes.
        Frame(
            json: #"{"to":"t","to":"u","message_id":"1","message_id":"2","message_type":"x","#
                + #""message_type":"ack"}"#,
            event: "ack u 2"),
        Frame(
            json: #"{"\u0074o":"t","message\u005Fid":"\u0031","message_type":"\u0061ck"}"#,
            event: "ack t 1"),
        Frame(
            json: #"{"to":"gcm.googleapis.com","message_id":"dr2:d-900","message_type":"ack"}"#,
            event: "ack gcm.googleapis.com dr2:d-900"),
        // The later name of the same service.
        Frame(
            json: #"{"to":"fcm.googleapis.com","message_id":"dr2:d-900","message_type":"ack"}"#,
            event: "ack gcm.googleapis.com dr2:d-900"),
    ]

    @Test(
        "A request to a group is answered with the numbers of HTTP",
        arguments: [
            (
                2, [],
                #"{"message_type":"ack","from":"K","message_id":"d-1","success":2,"failure":0}"#
            ),
            (
                1, ["t", "u"],
                #"{"message_type":"ack","from":"K","message_id":"d-1","success":1,"failure":2,"#
                    + #""failed_registration_ids":["t","u"]}"#
            ),
            (
                0, ["t"],
                #"{"message_type":"nack","from":"K","message_id":"d-1","#
                    + #""error":"DEVICE_UNREGISTERED","error_description":"no member of the "#
                    + #"group is registered any more","success":0,"failure":1,"#
                    + #""failed_registration_ids":["t"]}"#
            ),
        ] as [(Int, [String], String)])
    func group(reached: Int, failed: [String], json: String) throws {
        var door = AppServerDoor.bound(profile: .docs)
        _ = door.written()
        let id = try #require(MessageID("d-1"))
        door.session.answer(
            .group(reached: reached, failed: failed.map(RegistrationToken.init)), to: "K", id)
        #expect(door.written().contains(">\(json)</gcm>"))
    }

    @Test("ACKs are read", arguments: acknowledgements)
    func acknowledgement(frame: Frame) {
        for profile in Profile.allCases {
            var door = AppServerDoor.bound(profile: profile)
            #expect(door.hear(Sample.frame(frame.json)) == [frame.event])
            #expect(door.written().isEmpty)
        }
    }

    static let badAcknowledgements: [Frame] = [
        Frame(
            json: #"{"message_id":"1","message_type":"ack"}"#, event: noTo,
            answer: badACK(#""message_id":"1","#, noTo)),
        Frame(
            json: #"{"to":7,"message_id":"1","message_type":"ack"}"#, event: noTo,
            answer: badACK(#""message_id":"1","#, noTo)),
        Frame(
            json: #"{"to":"","message_id":"1","message_type":"ack"}"#, event: noTo,
            answer: badACK(#""from":"","message_id":"1","#, noTo)),
        Frame(
            json: #"{"to":"t","message_type":"ack"}"#, event: noID,
            answer: badACK(#""from":"t","#, noID)),
        Frame(
            json: #"{"to":"t","message_id":1,"message_type":"ack"}"#, event: noID,
            answer: badACK(#""from":"t","#, noID)),
        Frame(
            json: #"{"to":"t","message_id":null,"message_type":"ack"}"#, event: noID,
            answer: badACK(#""from":"t","#, noID)),
        Frame(
            json: #"{"to":"t","message_id":"","message_type":"ack"}"#, event: noID,
            answer: badACK(#""from":"t","message_id":"","#, noID)),
        Frame(
            json: #"{"to":"t","message_id":"\u0000","message_type":"ack"}"#, event: noID,
            answer: badACK(#""from":"t","message_id":"\u0000","#, noID)),
        Frame(
            json: #"{"to":"t","message_id":"\ud800","message_type":"ack"}"#, event: noID,
            answer: badACK(#""from":"t","#, noID)),
        Frame(json: #"{"message_type":"ack"}"#, event: noTo, answer: badACK("", noTo)),
    ]

    @Test(
        "An ACK without a usable name gets BAD_ACK, in both profiles",
        arguments: badAcknowledgements)
    func badAcknowledgement(frame: Frame) {
        for profile in Profile.allCases {
            var door = AppServerDoor.bound(profile: profile)
            #expect(door.hear(Sample.frame(frame.json)) == ["bad ack: " + frame.event])
            #expect(door.written() == Self.answer(frame.answer, profile))
        }
    }

    /// An answer in the form of a profile (protocol sheet §3.2).
    private static func answer(_ json: String, _ profile: Profile) -> String {
        let json = json.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;")
        return switch profile {
        case .observed:
            "<message><data:gcm xmlns:data=\"google:mobile:data\">\(json)</data:gcm></message>"
        case .docs: Sample.frame(json)
        }
    }

    @Test("A misspelt message_type is taken for a request, as the real service did")
    func requests() {
        var door = AppServerDoor.bound()
        for (type, line) in [
            (#","message_type":"Ack""#, "Ack"), (#","message_type":"acks""#, "acks"),
            (#","message_type":"""#, ""), (#","message_type":1"#, "-"), ("", "-"),
        ] {
            #expect(
                door.hear(Sample.frame(#"{"to":"t","message_id":"1"\#(type)}"#))
                    == ["request to t id 1 type \(line)"])
        }
        #expect(door.written().isEmpty)
    }

    static let unattributable: [Frame] = [
        Frame(json: #"{"to":"t"}"#, event: "Missing Required Field: message_id"),
        Frame(
            json: #"{"to":"t","message_id":5}"#,
            event: "Field \"message_id\" must be a JSON java.lang.String"),
        Frame(
            json: #"{"to":"t","message_id":"\ud800"}"#,
            event: "Field \"message_id\" must be a JSON java.lang.String"),
        Frame(json: "[1]", event: "a JSON object was expected at byte 0"),
        Frame(json: "", event: "a JSON object was expected at byte 0"),
        Frame(
            json: #"{"to":"t" "message_id":"1","message_type":"ack"}"#,
            event: "a comma or } was expected at byte 10"),
        Frame(
            json: #"{"message_id":"1"} {"#,
            event: "text after the end of the JSON object at byte 19"),
        Frame(json: #"{"a":{"#, event: "a member name in quotes was expected at byte 6"),
        Frame(
            json: "{\"a\":" + String(repeating: "[", count: 40),
            event: "nesting deeper than 32 at byte 36"),
    ]

    @Test(
        "A frame that no answer could name gets stanza error 400, with itself and the reason",
        arguments: unattributable)
    func stanzaErrors(frame: Frame) {
        let gcm =
            frame.json.isEmpty
            ? "<gcm xmlns=\"google:mobile:data\"/>"
            : "<gcm xmlns=\"google:mobile:data\">\(frame.json)</gcm>"
        let rest =
            " type=\"error\" to=\"\(AppServerDoor.address)\">\(gcm)"
            + "<error code=\"400\" type=\"modify\">"
            + "<bad-request xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
            + "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">InvalidJson: "
            + "JSON_PARSING_ERROR : \(frame.event)</text></error></message>"
        for (profile, id, attribute) in [
            (Profile.observed, "3", " id=\"3\""), (.observed, "", ""), (.docs, "3", " id=\"3\""),
            (.docs, "", " id=\"\""),
        ] {
            var door = AppServerDoor.bound(profile: profile)
            #expect(
                door.hear(Sample.frame(frame.json, id: id)) == ["unattributable: " + frame.event])
            #expect(door.written() == "<message\(attribute)" + rest)
        }
    }

    @Test("A message without <gcm/> gets stanza error 400")
    func noPayload() {
        var door = AppServerDoor.bound()
        #expect(
            door.hear("<message id='9'><gcm>{}</gcm></message>") == [
                "unattributable: a message needs <gcm xmlns=\"google:mobile:data\">"
            ])
        #expect(
            door.written()
                == "<message id=\"9\" type=\"error\" to=\"\(AppServerDoor.address)\">"
                + "<error code=\"400\" type=\"modify\">"
                + "<bad-request xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
                + "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">a message needs &lt;gcm "
                + "xmlns=\"google:mobile:data\"&gt;</text></error></message>")
    }

    @Test("An ACK that the connection has no credit for gets stanza error 406")
    func rejectedAcknowledgement() throws {
        for (profile, id) in [(Profile.observed, ""), (.docs, " id=\"\"")] {
            var door = AppServerDoor.bound(profile: profile)
            door.session.rejectAcknowledgement(try Sample.message(id: "4<\"1").pair)
            #expect(
                door.written()
                    == "<message\(id) type=\"error\" to=\"\(AppServerDoor.address)\">"
                    + "<gcm xmlns=\"google:mobile:data\">{\"to\":\"\(Sample.token)\","
                    + "\"message_id\":\"4&lt;\\\"1\",\"message_type\":\"ack\"}</gcm>"
                    + "<error code=\"406\" type=\"modify\">"
                    + "<not-acceptable xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
                    + "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">"
                    + "Received acks for messages not sent over this connection</text></error>"
                    + "</message>")
        }
    }

    @Test("A refused request gets a NACK in the form of the profile", arguments: Profile.allCases)
    func nack(profile: Profile) {
        var door = AppServerDoor.bound(profile: profile)
        door.session.answer(
            .nack(.connectionDraining, description: "use > another"), to: "t<&",
            MessageID("1\"")!)
        #expect(
            door.written()
                == Self.answer(
                    #"{"message_type":"nack","from":"t<&","message_id":"1\"","#
                        + #""error":"CONNECTION_DRAINING","error_description":"use > another"}"#,
                    profile))
        #expect(
            door.hear(Sample.frame(#"{"message_id":"2\u0001"}"#))
                == [
                    "bad request type -: InvalidJson: message_id must have 1 to 256 bytes that XML "
                        + "can carry"
                ])
        #expect(
            door.written()
                == Self.answer(
                    #"{"message_type":"nack","message_id":"2\u0001","error":"INVALID_JSON","#
                        + #""error_description":"InvalidJson: message_id must have 1 to 256 bytes "#
                        + #"that XML can carry"}"#,
                    profile))
    }

    @Test(
        "A request that was taken gets an ACK in the form of the profile",
        arguments: Profile.allCases)
    func ack(profile: Profile) {
        var door = AppServerDoor.bound(profile: profile)
        let id = MessageID("d-1")!
        door.session.answer(.ack(canonical: nil), to: "t", id)
        #expect(
            door.written()
                == Self.answer(#"{"message_type":"ack","from":"t","message_id":"d-1"}"#, profile))
        door.session.answer(.ack(canonical: RegistrationToken("new")), to: "t", id)
        #expect(
            door.written()
                == Self.answer(
                    #"{"message_type":"ack","from":"t","message_id":"d-1","registration_id":"new"}"#,
                    profile))
    }

    @Test("Draining is announced in the form of the profile", arguments: Profile.allCases)
    func draining(profile: Profile) {
        var door = AppServerDoor.bound(profile: profile)
        door.session.announceDraining()
        #expect(
            door.written()
                == Self.answer(
                    #"{"message_type":"control","control_type":"CONNECTION_DRAINING"}"#, profile))
        // What is in flight may still be ACKed, and then the stream ends.
        #expect(
            door.hear(Sample.frame(#"{"to":"t","message_id":"1","message_type":"ack"}"#))
                == ["ack t 1"])
        door.session.end()
        #expect(door.written() == "</stream:stream>")
    }
}
