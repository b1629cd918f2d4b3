import CloudMessaging
import Testing
import XMPP

@testable import XMPPSessions

/// An app server that sends downstream: what it writes, and how it reads the answers.
@Suite("App server's requests")
struct AppServerRequestTests {
    private static func observed(_ json: String) -> String {
        "<message><data:gcm xmlns:data=\"google:mobile:data\">\(json)</data:gcm></message>"
    }

    @Test("A request is one message whose id is the message's, its JSON escaped for XML")
    func request() throws {
        var server = try AppServer.bound()
        let id = try MessageID("d<\"1\">").orThrow()
        server.session.request(id, json: Array(#"{"to":"t","data":{"k":"a&<b>"}}"#.utf8))
        #expect(
            server.written()
                == "<message id=\"d&lt;&quot;1&quot;&gt;\"><gcm xmlns=\"google:mobile:data\">"
                + "{\"to\":\"t\",\"data\":{\"k\":\"a&amp;&lt;b&gt;\"}}</gcm></message>")
    }

    @Test("The relay's door reads what is written")
    func readBack() throws {
        var server = try AppServer.bound()
        server.session.request(
            try MessageID("d-1").orThrow(), json: Array(#"{"to":"t","message_id":"d-1"}"#.utf8))
        var door = AppServerDoor.bound()
        #expect(door.hear(server.session.takeOutput()) == ["request to t id d-1 type -"])
    }

    @Test(
        "Each form of answer is understood",
        arguments: [
            (
                observed(#"{"message_type":"ack","from":"t","message_id":"d-1"}"#),
                "answer t d-1 ack, now -"
            ),
            (
                Sample.frame(
                    #"{"registration_id":"new","message_type":"ack","from":"t","message_id":"1"}"#),
                "answer t 1 ack, now new"
            ),
            (
                observed(
                    #"{"message_type":"ack","from":"g","message_id":"1","success":1,"#
                        + #""failure":2,"failed_registration_ids":["a,b" , 7, "c\u0064"]}"#),
                #"answer g 1 ack, now -, failed ["a,b", "cd"]"#
            ),
            (
                observed(
                    #"{"message_type":"nack","from":"t","message_id":"1","#
                        + #""error":"BAD_REGISTRATION","error_description":"no such token"}"#),
                "answer t 1 nack BAD_REGISTRATION: no such token"
            ),
            (
                observed(
                    #"{"message_type":"nack","message_id":"1","error":"INTERNAL_SERVER_ERROR","#
                        + #""failed_registration_ids":[]}"#),
                "answer - 1 nack INTERNAL_SERVER_ERROR: "
            ),
            (
                observed(#"{"message_type":"nack","message_id":"1","error":"BAD_ACK"}"#),
                "refused BAD_ACK: "
            ),
        ])
    func answers(stanza: String, line: String) throws {
        var server = try AppServer.bound()
        #expect(server.hear(stanza) == [line])
        #expect(server.written().isEmpty)
    }

    @Test(
        "A stanza error belongs to the request that it echoes, or whose id it has",
        arguments: [
            (#" id="9""#, #"{"message_id":"d-1"}"#, "answer - d-1 stanza error bad-request: why"),
            (#" id="9""#, #"{"to":"t"}"#, "answer - 9 stanza error bad-request: why"),
            (#" id="9""#, "{", "answer - 9 stanza error bad-request: why"),
            (#" id="""#, #"{"to":"t"}"#, "refused 400: why"),
            ("", "", "refused 400: why"),
            (
                #" id="9""#, #"{"message_type":"ack","to":"t","message_id":"1"}"#,
                "refused 400: why"
            ),
        ])
    func stanzaErrors(id: String, echo: String, line: String) throws {
        var server = try AppServer.bound()
        #expect(
            server.hear(
                "<message\(id) type=\"error\"><gcm xmlns=\"google:mobile:data\">\(echo)</gcm>"
                    + "<error code=\"400\" type=\"modify\">"
                    + "<bad-request xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
                    + "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">why</text></error>"
                    + "</message>") == [line])
    }

    private static let receipt =
        "<message to=\"555000111222@gcm.googleapis.com\" from=\"gcm.googleapis.com\" "
        + "type=\"normal\"><gcm xmlns=\"google:mobile:data\">"
        + #"{"category":"com.example.pigeon","data":{"message_status":"MESSAGE_SENT_TO_DEVICE","#
        + #""original_message_id":"d-900","device_registration_id":"dK3","#
        + #""message_sent_timestamp":"1448031600123"},"message_id":"dr2:d-900","#
        + #""message_type":"receipt","from":"gcm.googleapis.com","time_to_live":0}"#
        + "</gcm></message>"

    @Test("A receipt is told in full, and ACKed with its dr2 ID at the relay's own address")
    func receipts() throws {
        var server = try AppServer.bound()
        #expect(
            server.hear(Self.receipt) == [
                "receipt dr2:d-900 from gcm.googleapis.com: d-900 MESSAGE_SENT_TO_DEVICE dK3 "
                    + "1448031600123 com.example.pigeon"
            ])
        server.session.acknowledge(to: "gcm.googleapis.com", messageID: "dr2:d-900")
        #expect(
            server.written()
                == Sample.frame(
                    #"{"to":"gcm.googleapis.com","message_id":"dr2:d-900","message_type":"ack"}"#))
    }

    @Test("A receipt with less in it is one too; one that could not be ACKed is not")
    func poorReceipts() throws {
        var server = try AppServer.bound()
        #expect(
            server.hear(
                Sample.frame(
                    #"{"message_type":"receipt","from":"g","message_id":"dr2:x","#
                        + #""data":{"message_sent_timestamp":12,"message_status":null}}"#))
                == ["receipt dr2:x from g: x - - 12 -"])
        for json in [
            #"{"message_type":"receipt","from":"g"}"#,
            #"{"message_type":"receipt","message_id":"dr2:x"}"#,
        ] {
            #expect(server.hear(Sample.frame(json)).isEmpty)
        }
    }

    @Test("Nothing is written after the end")
    func afterEnd() throws {
        var server = try AppServer.bound()
        server.session.end()
        _ = server.written()
        server.session.request(try MessageID("d-1").orThrow(), json: Array("{}".utf8))
        server.session.acknowledge(to: "g", messageID: "dr2:1")
        #expect(server.written().isEmpty)
    }
}
