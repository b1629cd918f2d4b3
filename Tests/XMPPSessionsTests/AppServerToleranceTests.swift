import CloudMessaging
import Testing
import XMPP

@testable import XMPPSessions

/// What real app servers write that a strict server would reject (app-server sheet §0).
@Suite("App-server stream: tolerance")
struct AppServerToleranceTests {
    @Test(
        "A login may name the bare sender, or the sender at either domain",
        arguments: ["", "@gcm.googleapis.com", "@fcm.googleapis.com"])
    func loginForms(domain: String) {
        var door = AppServerDoor()
        let events = door.hear(
            Sample.header() + Sample.auth(user: Sample.sender + domain, password: Sample.key))
        #expect(events == ["login 555000111222 DEMO-SERVER-KEY"])
    }

    @Test(
        "A login at another domain is the sender's, too, and keeps its domain",
        arguments: ["example.com", "gcm-preprod.googleapis.com", "fcm-xmpp.googleapis.com"])
    func otherDomain(domain: String) {
        var door = AppServerDoor()
        let user = "\(Sample.sender)@\(domain)"
        let events = door.hear(
            Sample.header() + Sample.auth(user: user, password: Sample.key) + Sample.header()
                + Sample.bind)
        #expect(
            events == [
                "login 555000111222 DEMO-SERVER-KEY",
                "bound 555000111222 \(user)/\(AppServerDoor.drawn.resource)",
            ])
    }

    @Test("A bind without an ID is answered without one")
    func bindWithoutID() {
        var door = AppServerDoor()
        door.hear(Sample.header() + Sample.auth() + Sample.header())
        _ = door.written()
        #expect(
            door.answer(
                to: "<iq type='set' to='fcm-xmpp.googleapis.com'>"
                    + "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>")
                == "<iq type=\"result\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\">"
                + "<jid>\(AppServerDoor.address)</jid></bind></iq>")
    }

    @Test("Stray >, line feeds and blanks between stanzas are passed over")
    func strayText() {
        var door = AppServerDoor()
        let ack = Sample.frame(#"{"to":"t","message_id":"1","message_type":"ack"}"#)
        let events = door.hear(
            "<?xml version='1.0'?>\n" + Sample.header() + ">" + Sample.auth() + "\n> "
                + Sample.header() + ">\n" + Sample.bind + ">\n \r\n" + ack + ">\n" + ack + " ")
        #expect(
            events == [
                "login 555000111222 DEMO-SERVER-KEY",
                "bound 555000111222 \(AppServerDoor.address)", "ack t 1", "ack t 1",
            ])
        _ = door.written()
        #expect(door.hear(" \n\t> ").isEmpty && door.written().isEmpty)
    }

    @Test(
        "An ACK is read in every shape that was seen",
        arguments: [
            #"<message id=""><gcm xmlns="google:mobile:data">{J}</gcm></message>"#,
            #"<message><gcm xmlns="google:mobile:data">{J}</gcm></message>"#,
            #"<message id='vtPRG-9'><gcm xmlns='google:mobile:data'>{J}</gcm></message>"#,
            #"<message  id="up-0" ><gcm  xmlns="google:mobile:data" > {J} </gcm ></message >"#,
            #"<message to="x" from='' type="normal"><data:gcm xmlns:data="google:mobile:data">"#
                + "{J}</data:gcm></message>",
            #"<message xmlns="jabber:client"><body/><gcm xmlns="google:mobile:data">{J}</gcm></message>"#,
            #"<message><gcm xmlns="google:mobile:data"><![CDATA[{J}]]></gcm></message>"#,
        ])
    func acknowledgementShapes(stanza: String) {
        var door = AppServerDoor.bound()
        let compact = #"{"to":"dK3:APA","message_id":"41","message_type":"ack"}"#
        let pretty = """
            {
              "message_type" : "ack",
            \t"message_id" : "41",
              "to" : "dK3:APA", "extra": [1, {"to": "nobody"}]
            }
            """
        for json in [compact, pretty] {
            #expect(
                door.hear(stanza.replacing("{J}", with: json)) == ["ack dK3:APA 41"])
            guard !stanza.contains("CDATA") else { continue }
            let quoted = json.replacing("\"", with: "&quot;")
            #expect(door.hear(stanza.replacing("{J}", with: quoted)) == ["ack dK3:APA 41"])
        }
        #expect(door.written().isEmpty)
    }

    @Test("Requests of general libraries are answered, whatever they ask for")
    func unknownRequests() {
        var door = AppServerDoor.bound()
        for query in [
            "<query xmlns='http://jabber.org/protocol/disco#info'/>",
            "<query xmlns='jabber:iq:roster'/>", "<vCard xmlns='vcard-temp'/>", "",
        ] {
            #expect(
                door.answer(to: "<iq type='get' id='q'>\(query)</iq>")
                    == "<iq type=\"error\" id=\"q\"><error type=\"cancel\"><service-unavailable "
                    + "xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/></error></iq>")
        }
        for silent in [
            "<iq type='result' id='x'/>", "<iq type='error' id='x'/>", "<presence type='x'/>",
            "<message type='error'><gcm xmlns='google:mobile:data'>{</gcm></message>",
        ] {
            #expect(door.hear(silent).isEmpty && door.written().isEmpty)
        }
    }

    @Test("A ping is answered before and after a resource is bound, empty addresses are not echoed")
    func pings() {
        let ping =
            "<iq type=\"get\" id=\"c2s1\" from=\"\" to=\"gcm.googleapis.com\">"
            + "<ping xmlns=\"urn:xmpp:ping\"/></iq>"
        var door = AppServerDoor()
        door.hear(Sample.header() + Sample.auth() + Sample.header())
        _ = door.written()
        let pong = "<iq type=\"result\" id=\"c2s1\" from=\"gcm.googleapis.com\"/>"
        #expect(door.answer(to: ping) == pong)
        door.hear(Sample.bind)
        _ = door.written()
        #expect(door.answer(to: ping) == pong)
    }

    @Test("A keepalive of either side stands between stanzas, ours only on a bound stream")
    func keepalive() {
        var door = AppServerDoor()
        door.session.writeKeepalive()
        door.hear(Sample.header() + Sample.auth())
        door.session.writeKeepalive()
        #expect(door.written().hasSuffix("xmpp-sasl\"/>"))
        door.hear(Sample.header() + " " + Sample.bind + " ")
        _ = door.written()
        door.session.writeKeepalive()
        #expect(door.written() == " ")
        door.hear("</stream:stream>")
        _ = door.written()
        door.session.writeKeepalive()
        #expect(door.written().isEmpty)
    }
}
