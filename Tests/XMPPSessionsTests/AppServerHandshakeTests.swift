import CloudMessaging
import Testing
import XMPP

@testable import XMPPSessions

@Suite("App-server stream: handshake")
struct AppServerHandshakeTests {
    @Test("The relay writes the handshake of the real service, byte by byte")
    func byteByByte() {
        let drawn = AppServerDoor.drawn
        var door = AppServerDoor()
        #expect(
            door.answer(to: "<?xml version=\"1.0\"?>" + Sample.header())
                == "<stream:stream from=\"gcm.googleapis.com\" id=\"\(drawn.firstID)\" "
                + "version=\"1.0\" xmlns:stream=\"http://etherx.jabber.org/streams\" "
                + "xmlns=\"jabber:client\">"
                + "<stream:features><mechanisms xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">"
                + "<mechanism>X-OAUTH2</mechanism><mechanism>X-GOOGLE-TOKEN</mechanism>"
                + "<mechanism>PLAIN</mechanism></mechanisms></stream:features>")
        #expect(door.hear(Sample.auth()) == ["login 555000111222 DEMO-SERVER-KEY"])
        #expect(door.written() == "<success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"/>")
        #expect(
            door.answer(to: Sample.header())
                == "<stream:stream from=\"gcm.googleapis.com\" id=\"\(drawn.secondID)\" "
                + "version=\"1.0\" xmlns:stream=\"http://etherx.jabber.org/streams\" "
                + "xmlns=\"jabber:client\">"
                + "<stream:features><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\"/>"
                + "<session xmlns=\"urn:ietf:params:xml:ns:xmpp-session\"/></stream:features>")
        #expect(door.hear(Sample.bind) == ["bound 555000111222 \(AppServerDoor.address)"])
        #expect(
            door.written()
                == "<iq type=\"result\" id=\"b1\"><bind xmlns=\"urn:ietf:params:xml:ns:xmpp-bind\">"
                + "<jid>\(AppServerDoor.address)</jid></bind></iq>")
        #expect(
            door.answer(
                to: "<iq type=\"set\" id=\"s1\">"
                    + "<session xmlns=\"urn:ietf:params:xml:ns:xmpp-session\"/></iq>")
                == "<iq type=\"result\" id=\"s1\"/>")
        #expect(
            door.answer(
                to: "<iq type=\"get\" id=\"c2s1\"><ping xmlns=\"urn:xmpp:ping\"/></iq>")
                == "<iq type=\"result\" id=\"c2s1\"/>")
        #expect(door.hear("<presence/>").isEmpty && door.written().isEmpty)
        #expect(door.hear("</stream:stream>") == ["ended"])
        #expect(door.written() == "</stream:stream>")
        #expect(door.session.isEnded)
    }

    @Test("Stream IDs are 16 upper-case hexadecimal digits, a new one after the restart")
    func streamIDs() {
        let (first, second, resource) = AppServerDoor.drawn
        for (text, count) in [(first, 16), (second, 16), (resource, 8)] {
            #expect(text.utf8.count == count)
            #expect(text.utf8.allSatisfy { "0123456789ABCDEF".utf8.contains($0) })
        }
        #expect(first != second)
    }

    @Test(
        "Whatever name an app server asks for is echoed",
        arguments: [
            "gcm.googleapis.com", "gcm-xmpp.googleapis.com", "fcm-xmpp.googleapis.com",
            "fcm.googleapis.com", "gcm-preprod.googleapis.com", "Friendly Ping Server",
            "fcm xmpp client connection server", "", "a&amp;b &lt;c&gt; &quot;d&quot;",
        ])
    func oddNames(name: String) {
        var door = AppServerDoor()
        #expect(
            door.answer(to: Sample.header(to: name)).hasPrefix("<stream:stream from=\"\(name)\""))
        #expect(!door.session.isEnded)
    }

    @Test("An app server that asks for no name gets the service's")
    func noName() {
        var door = AppServerDoor()
        let header =
            "<stream:stream version='1.0' xmlns='jabber:client' "
            + "xmlns:stream='http://etherx.jabber.org/streams'>"
        #expect(
            door.answer(to: header).hasPrefix("<stream:stream from=\"gcm.googleapis.com\" id="))
    }

    struct Address: Sendable {
        let user: String
        let header: String
        let domain: String
    }

    @Test(
        "Addresses take the domain of the login, else that of the stream, else the service's",
        arguments: [
            Address(
                user: "555000111222@gcm.googleapis.com", header: "fcm.googleapis.com",
                domain: "gcm.googleapis.com"),
            Address(
                user: "555000111222@fcm.googleapis.com", header: "gcm.googleapis.com",
                domain: "fcm.googleapis.com"),
            Address(
                user: "555000111222", header: "fcm.googleapis.com", domain: "fcm.googleapis.com"),
            Address(
                user: "555000111222", header: "gcm.googleapis.com", domain: "gcm.googleapis.com"),
            Address(
                user: "555000111222", header: "gcm-preprod.googleapis.com",
                domain: "gcm.googleapis.com"),
            Address(
                user: "555000111222", header: "Friendly Ping Server", domain: "gcm.googleapis.com"),
            Address(
                user: "555000111222@", header: "fcm.googleapis.com", domain: "fcm.googleapis.com"),
        ])
    func addressDomain(address: Address) {
        var door = AppServerDoor()
        let header = Sample.header(to: address.header)
        let events = door.hear(
            header + Sample.auth(user: address.user, password: Sample.key) + header + Sample.bind)
        let jid = "555000111222@\(address.domain)/\(AppServerDoor.drawn.resource)"
        #expect(
            events == ["login 555000111222 DEMO-SERVER-KEY", "bound 555000111222 \(jid)"])
    }

    @Test("A proposed resource gets eight digits; an odd one is carried as it is")
    func proposedResource() {
        for (proposal, text) in [
            ("test", "test"), ("a &amp; b", "a & b"), ("ü/@", "ü/@"), ("", ""),
        ] {
            var door = AppServerDoor()
            let events = door.hear(
                Sample.header() + Sample.auth() + Sample.header() + Sample.bind(resource: proposal))
            let resource = text + AppServerDoor.drawn.resource
            #expect(
                events.last
                    == "bound 555000111222 555000111222@gcm.googleapis.com/\(resource)")
            #expect(
                door.written().hasSuffix(
                    "<jid>555000111222@gcm.googleapis.com/\(proposal)\(AppServerDoor.drawn.resource)"
                        + "</jid></bind></iq>"))
        }
    }

    @Test("A resource that no address can have is refused, and another one may follow")
    func impossibleResource() {
        var door = AppServerDoor()
        door.hear(Sample.header() + Sample.auth() + Sample.header())
        _ = door.written()
        #expect(door.hear(Sample.bind(resource: String(repeating: "r", count: 1_016))).isEmpty)
        #expect(
            door.written()
                == "<iq type=\"error\" id=\"b1\"><error type=\"modify\">"
                + "<bad-request xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\"/>"
                + "<text xmlns=\"urn:ietf:params:xml:ns:xmpp-stanzas\">the resource of the address "
                + "has 1024 bytes; 1023 are allowed</text></error></iq>")
        #expect(door.hear(Sample.bind).count == 1)
    }

    @Test("A pipelined handshake waits for the login's decision and gives the same events")
    func pipelined() {
        var door = AppServerDoor()
        door.loginPolicy = .wait
        let ack = Sample.frame(#"{"to":"t","message_id":"1","message_type":"ack"}"#)
        let login = door.hear(
            Sample.header() + Sample.auth() + Sample.header() + Sample.bind + ack)
        #expect(login == ["login 555000111222 DEMO-SERVER-KEY"])
        #expect(door.written().hasSuffix("</stream:features>"))
        #expect(door.hear(ack).isEmpty && door.written().isEmpty)
        door.session.acceptLogin()
        #expect(
            door.events() == ["bound 555000111222 \(AppServerDoor.address)", "ack t 1", "ack t 1"])
    }
}
